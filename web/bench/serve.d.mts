import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

export function openMock(options?: BrowserContextOptions): Promise<{
  open(query?: string): Promise<Page>;
  close(): Promise<void>;
  context: BrowserContext;
  browser: Browser;
}>;
