import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { WeatherServer } from '../../src/testing/weather.ts';
import {
  browserIsMissing,
  fitsItsWidth,
  launchBrowser,
  namelessControls,
  startHouse,
  type TestHouse,
} from './house.ts';

/** `AMPRA_SHOTS=<folder>` keeps pictures of the page, to be looked at. */
const shots = process.env.AMPRA_SHOTS;
const clock = { now: () => Date.now() };

async function shoot(page: Page, name: string): Promise<void> {
  if (!shots) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true });
}

describe.skipIf(browserIsMissing)('the Weather page in a browser', () => {
  let house: TestHouse;
  let browser: Browser;
  let server: WeatherServer;
  const problems: string[] = [];

  let page: Page;
  const phone = { width: 360, height: 740 };

  beforeAll(async () => {
    server = new WeatherServer(clock);
    house = await startHouse({ weather: 'on', weatherUrl: server.url });
    browser = await launchBrowser();
    page = await (await house.signIn(browser)).newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${house.url}/weather`);
    // What was being fetched appears by itself.
    await page.locator('#weather-age', { hasText: 'Fetched' }).waitFor({ timeout: 15_000 });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await house?.app.dispose();
    server?.stop();
  });

  test('fits a phone and a desk, light and dark, with every control named and nothing against the policy', async () => {
    for (const width of [360, 1280])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 740 });
        await page.emulateMedia({ colorScheme });
        expect(await page.locator('.weather-day').count()).toBe(8);
        expect(await fitsItsWidth(page)).toBe(true);
        expect(await namelessControls(page)).toEqual([]);
        await shoot(page, `weather-${width}-${colorScheme}`);
      }
    expect(problems).toEqual([]);
  }, 60_000);

  test('answers its question above the fold of a phone', async () => {
    await page.setViewportSize(phone);
    const box = await page.locator('.today-sun').boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 9999)).toBeLessThan(740 - 60);
  });

  test('the hours move sideways by keyboard', async () => {
    await page.setViewportSize(phone);
    const strip = page.locator('.hours-scroll');
    await strip.focus();
    await page.keyboard.press('ArrowRight');
    const left = () => strip.evaluate((element) => (element as unknown as { scrollLeft: number }).scrollLeft);
    for (let i = 0; i < 500 && (await left()) === 0; i++) await page.waitForTimeout(20);
    expect(await left()).toBeGreaterThan(0);
  }, 60_000);

  test('asked for new weather it says so, and shows the trouble by itself when there is no answer', async () => {
    await page.getByRole('button', { name: 'Fetch now' }).click();
    await page.getByText('The weather is being fetched.').waitFor({ timeout: 15_000 });
    server.stop();
    await page.getByRole('button', { name: 'Fetch now' }).click();
    await page.locator('#weather-age', { hasText: 'could not be reached' }).waitFor({ timeout: 20_000 });
    expect(problems).toEqual([]);
  }, 60_000);

  test('asks an Overseer once about the internet, and takes no for an answer', async () => {
    const other = await startHouse({ weather: 'ask', weatherUrl: 'http://weather.invalid' });
    try {
      const asked = await (await other.signIn(browser)).newPage();
      await asked.goto(`${other.url}/weather`);
      await asked.getByText('May Ampra fetch the weather?').waitFor();
      expect(await fitsItsWidth(asked)).toBe(true);
      await shoot(asked, 'weather-question-360');
      await asked.setViewportSize({ width: 1280, height: 740 });
      expect(await fitsItsWidth(asked)).toBe(true);
      await shoot(asked, 'weather-question-1280');
      await asked.getByRole('button', { name: 'No' }).click();
      await asked.getByText('An Overseer chose that this Ampra does not ask the internet for it.').waitFor();
      expect(await asked.getByRole('button', { name: 'Fetch the weather' }).isVisible()).toBe(true);
      await asked.context().close();
    } finally {
      await other.app.dispose();
    }
  }, 60_000);
});
