import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** Longest time for one step in a browser [ms]; less than a test's own, so that the step is named. */
const STEP_MS = 12_000;

/** True where there is no Chromium: tests that need one are skipped, which this says once. */
export const browserIsMissing: boolean = !existsSync(chromiumPath);
if (browserIsMissing) {
  console.warn(`Browser tests are skipped: there is no Chromium at ${chromiumPath} (apt-get install chromium).`);
}

/** A headless Chromium that talks to nobody but the pages. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Containers give /dev/shm 64 MB, and a Chromium that runs out of it hangs.
      '--disable-dev-shm-usage',
    ],
  });
}

/** A browser for tests that share nothing: each page is in a context of its own, and a Chromium that hangs is started anew. */
export class SteadyBrowser {
  private browser: Browser | null = null;

  /** An empty page; its steps give up after `STEP_MS`. */
  async page(options: BrowserContextOptions = {}): Promise<Page> {
    try {
      return await within(STEP_MS, this.open(options));
    } catch (error) {
      console.warn(`Chromium is started anew: ${error instanceof Error ? error.message : error}`);
      await this.close();
      return await this.open(options);
    }
  }

  async close(): Promise<void> {
    const browser = this.browser;
    this.browser = null;
    if (browser) await within(STEP_MS, browser.close()).catch(() => undefined);
  }

  private async open(options: BrowserContextOptions): Promise<Page> {
    this.browser ??= await launchBrowser();
    const context = await this.browser.newContext(options);
    context.setDefaultTimeout(STEP_MS);
    return await context.newPage();
  }
}

async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
