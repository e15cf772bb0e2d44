/**
 * Takes the pictures of README and docs from the demo, on a summer day at noon whatever the time is now:
 * `npm run screenshots`. Needs Debian's Chromium.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const moment = Date.UTC(2026, 8, 12, 12, 20);
const shift = moment - Date.now();
const realNow = Date.now;
// Before anything of the appliance is loaded: its devices and its log read the same clock.
Date.now = () => realNow() + shift;

const { createApp } = await import('../src/app.ts');
const { systemClock } = await import('../src/core/clock.ts');
const { createDemo } = await import('../src/demo/feature.ts');
const { serveSimulatedWeather } = await import('../src/demo/weather.http.ts');
const { testConfig } = await import('../src/testing/app.ts');
const { launchBrowser } = await import('../test/browser/house.ts');

const root = join(import.meta.dir, '..');
const images = join(root, 'docs', 'images');
mkdirSync(images, { recursive: true });
const dataDir = mkdtempSync(join(tmpdir(), 'ampra-screenshots-'));
const weather = serveSimulatedWeather(systemClock);
const app = createApp({ config: testConfig({ dataDir, weather: 'on', weatherUrl: weather.url }) });
await app.start();
const demo = createDemo(app);
const login = await demo.prepare(() => {});
await demo.start();
const browser = await launchBrowser();

try {
  await take('desk', { width: 1280, height: 800 }, 'light', [
    '/',
    '/history?range=7d',
    '/totals?period=2026',
    '/weather',
    '/forecast',
    '/forecast/accuracy',
  ]);
  await take('phone', { width: 360, height: 740 }, 'dark', ['/']);
} finally {
  await browser.close();
  await demo.stop();
  await app.stop();
  weather.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

async function take(
  device: string,
  viewport: { width: number; height: number },
  colorScheme: 'light' | 'dark',
  paths: string[],
): Promise<void> {
  const context = await browser.newContext({ viewport, colorScheme, locale: 'en-GB', timezoneId: 'Europe/Lisbon' });
  // While models learn a page may wait.
  context.setDefaultTimeout(180_000);
  const page = await context.newPage();
  await signIn(page);
  await learned(page);
  for (const path of paths) {
    await page.goto(`${app.url}${path}`);
    await page.waitForTimeout(3000);
    const name = `${path.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'live'}-${device}.png`;
    await page.screenshot({ path: join(images, name) });
    console.log(`docs/images/${name}`);
  }
  await context.close();
}

async function signIn(page: Page): Promise<void> {
  await page.goto(`${app.url}/login`);
  await page.fill('input[name=email]', login.email);
  await page.fill('input[name=password]', login.password);
  await Promise.all([page.waitForURL((to) => !to.pathname.startsWith('/login')), page.keyboard.press('Enter')]);
}

/** Forecasts are shown as an owner knows them: learned, and judged on past days. */
async function learned(page: Page): Promise<void> {
  for (const end = realNow() + 15 * 60_000; realNow() < end; await page.waitForTimeout(5000)) {
    await page.goto(`${app.url}/forecast/accuracy`);
    if ((await page.locator('#judged-words').count()) > 0) return;
  }
  throw new Error('No forecast was judged within a quarter of an hour.');
}
