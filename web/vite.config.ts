import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env["MOULIN_SERVER"] ?? "http://127.0.0.1:8484";

/** Paths that the server answers itself, in development. */
const proxied = ["/api", "/o", "/status", "/uploads", "/attachment", "/login", "/logout"];

export default defineConfig({
  plugins: [react()],
  build: {
    target: "es2022",
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, ws: true }])),
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
  },
});
