// Serves the mock page with vite on a free port of this machine, and opens Chromium on it. For the bench and the tests.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { createServer } from "vite";

const web = fileURLToPath(new URL("..", import.meta.url));
const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export async function openMock(options = {}) {
  const server = await createServer({ root: web, logLevel: "error", server: { port: 0, host: "127.0.0.1", hmr: false } });
  await server.listen();
  const { port } = server.httpServer.address();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? CHROMIUM.find(existsSync), args: ["--no-sandbox"] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const open = async (query = "") => {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${port}/bench/mock.html?${query}`);
    await page.waitForSelector("[role=gridcell]");
    return page;
  };
  const close = async () => {
    await browser.close();
    await server.close();
  };
  return { open, close, context, browser };
}
