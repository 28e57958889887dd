import { defineConfig } from "vitest/config";

// End-to-end tests: the real server, a real Chromium, one journey after the other.
export default defineConfig({
  test: {
    include: ["e2e/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
});
