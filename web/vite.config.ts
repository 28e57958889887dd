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
    rolldownOptions: {
      output: {
        // What every page needs comes in one file: each file more costs a request and its own dictionary when it is compressed.
        codeSplitting: { groups: [{ name: "common", test: /node_modules\/(react|react-dom|scheduler|i18next|react-i18next)\/|src\/(ui\/(Icon|messages|lazily|errors)|api\/codec|doc\/selection|i18n\/index)/ }] },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, ws: true }])),
  },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
  },
});
