import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import type { Reading } from '../../src/core/reading.ts';
import {
  browserIsMissing,
  fitsItsWidth,
  launchBrowser,
  namelessControls,
  startHouse,
  type TestHouse,
} from './house.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A reading each quarter of an hour for a good year, in which the sun of this year is two and a half times that of the year before. */
function* goodYear(sourceId: string, now: number): Generator<Reading> {
  for (let time = now - 400 * DAY; time < now; time += HOUR / 4) {
    const strength = time < now - 200 * DAY ? 1000 : 2500;
    const hour = (time / HOUR) % 24;
    const solarPower = Math.round(Math.max(0, strength * Math.sin(((hour - 6) / 12) * Math.PI)));
    const values = { solarPower, loadPower: 500, gridPower: 500 - solarPower };
    yield { sourceId, time, values };
  }
}

describe.skipIf(browserIsMissing)('the Totals page in a browser', () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;
  const now = Date.now();
  const problems: string[] = [];

  beforeAll(async () => {
    house = await startHouse();
    await house.app.features.telemetry.admin.importReadings(house.source.id, goodYear(house.source.id, now));
    browser = await launchBrowser();
    page = await (await house.signIn(browser)).newPage();
    // A page that says what of its address cannot be is answered 400, which Chromium notes.
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 400')) problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(error.message));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await house?.app.dispose();
  });

  const zoned = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Lisbon' });
  const yesterday = zoned.format(now - DAY);
  /** The days of which there are bars and a calendar: today is in another year on one day of it. */
  const thisYear = yesterday.slice(0, 4);
  const newest = zoned.format(now).startsWith(thisYear) ? now : now - DAY;
  const open = async (query = ''): Promise<void> => {
    await page.goto(`${house.url}/totals${query}`);
    await page.locator('.bar, .totals table').first().waitFor({ timeout: 15_000 });
  };
  const readOut = (key: string) => page.locator(`[data-readout="${key}"]`).textContent();
  const focused = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label') ?? ''");

  test('says how much, in the zone of the house, beside the year before', async () => {
    await open(`?period=${yesterday}`);
    expect(await page.locator('.totals-zone').textContent()).toBe('Europe/Lisbon');
    expect(await page.locator('.totals-story').textContent()).toMatch(
      /^You produced 19\.\d\u00a0kWh, used 1[12]\.\d, .* You produced 2\.5 times as much and used about as much as on /,
    );
    expect(await page.locator('.bar').count()).toBeGreaterThanOrEqual(23);
    expect(await page.locator('.bar-ghost').count()).toBeGreaterThan(20);
    expect(await page.locator('[data-difference="solar"]').textContent()).toBe('2.5 times');
  }, 30_000);

  test('arrow keys read bars out in the place of the sums, and Enter looks closer', async () => {
    await open(`?period=${yesterday.slice(0, 7)}`);
    const sum = await readOut('load');
    await page.locator('.bar[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    expect(await focused()).toContain('used 12.0 kWh');
    expect(await readOut('load')).toBe('12.0kWh');
    expect(await page.locator('[data-readout-time]').textContent()).toContain(', beside ');
    await page.keyboard.press('Enter');
    await page.waitForURL(/period=\d{4}-\d\d-01/);
    await page.locator('.tabs [aria-current]', { hasText: 'Day' }).waitFor();
    await page.goBack();
    await page.locator('.tabs [aria-current]', { hasText: 'Month' }).waitFor();
    expect(await readOut('load')).toBe(sum);
  }, 30_000);

  test('one energy alone, without a new page and without losing the focus', async () => {
    await open(`?period=${yesterday.slice(0, 7)}`);
    await page.evaluate('window.isStill = true');
    await page.locator('[data-totals="load"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/of=load/);
    await page.locator('[data-totals="load"][aria-current]').waitFor();
    expect(await page.locator('.bar-part.solar').count()).toBe(0);
    expect(await page.locator('.bar-part.load').count()).toBeGreaterThan(0);
    expect(await page.evaluate<string>('document.activeElement.dataset.totals')).toBe('load');
    expect(await page.evaluate<boolean>('window.isStill')).toBe(true);
  }, 30_000);

  test('a year has its days as a calendar that the arrow keys walk, and as a table', async () => {
    await open(`?period=${thisYear}&of=load`);
    const last = page.locator('.map-day[tabindex="0"]');
    const date = await last.getAttribute('data-day');
    expect(date).toBe(zoned.format(newest));
    await last.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate<string>('document.activeElement.dataset.day')).toBe(zoned.format(newest - DAY));
    expect(await page.locator('[data-map-read]').textContent()).toMatch(/: 1[12]\.\d kWh$/);
    await page.locator('#year-map [data-totals="map-own"]').click();
    await page.locator('#year-map [data-totals="map-own"][aria-current]').waitFor();
    await page.locator('.tab-bar a').first().focus();
    await page.keyboard.press('t');
    await page.locator('#year-map a.map-day[tabindex="0"]').focus();
    expect(await page.locator('#year-map table').count()).toBe(0);
    await page.keyboard.press('t');
    const table = page.locator('#year-map table');
    await table.waitFor();
    expect(await table.locator('caption').textContent()).toContain(`Self-sufficient each day of ${thisYear}`);
    expect(await table.locator('tbody tr').count()).toBe(31);
  }, 30_000);

  test('CSV has exactly the bars, with the zone, and the days of the calendar', async () => {
    const month = await page.request.get(`${house.url}/totals.csv?period=${yesterday.slice(0, 7)}`);
    const [header = '', ...rows] = (await month.text()).trim().split('\r\n');
    expect(header).toStartWith('day (Europe/Lisbon),produced (kWh)');
    expect(rows.find((row) => row.startsWith(`${yesterday},`))).toMatch(/^[\d-]+,19\.\d+,1[12](\.\d+)?,/);
    const days = await page.request.get(`${house.url}/totals.csv?period=${thisYear}&by=day`);
    expect((await days.text()).trim().split('\r\n').length).toBeGreaterThanOrEqual(366);
    expect((await page.request.get(`${house.url}/totals.csv?show=source:none`)).status()).toBe(404);
  }, 30_000);

  test('fits a phone and a desk, light and dark, and every control has a name', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 740 });
        for (const query of ['', `?period=${thisYear}`, '?period=all', `?period=${yesterday}&as=table`]) {
          await open(query);
          expect(await fitsItsWidth(page)).toBe(true);
          expect(await namelessControls(page)).toEqual([]);
        }
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
  }, 60_000);

  test('a time that cannot be is not replaced by another one', async () => {
    await page.goto(`${house.url}/totals?period=2026-02-30`);
    await page.getByText('“2026-02-30” is no day, month or year of the calendar.').waitFor();
    expect(await page.locator('.bar, .totals table').count()).toBe(0);
    expect((await page.request.get(`${house.url}/totals.csv?period=2026-02-30`)).status()).toBe(400);
    await page.getByRole('link', { name: 'This month' }).click();
    await page.locator('.bar').first().waitFor();
  }, 30_000);

  test('works without scripts', async () => {
    const plain = await (await house.signIn(browser, { javaScriptEnabled: false })).newPage();
    await plain.goto(`${house.url}/totals?period=${yesterday.slice(0, 7)}`);
    await plain.locator('.bar').first().waitFor({ state: 'attached' });
    await plain.locator('.tabs a', { hasText: 'Year' }).click();
    await plain.locator('.map-day').first().waitFor();
    await plain.getByRole('link', { name: 'Table' }).click();
    await plain.locator('#year-map table').waitFor();
    expect(await plain.locator('.follows-fact').count()).toBeGreaterThan(1);
  }, 30_000);

  test('is behind one touch on a phone, and nothing is broken', async () => {
    await page.goto(house.url);
    await page.locator('.tab-bar').getByRole('link', { name: 'Totals' }).click();
    await page.locator('.bar').first().waitFor();
    expect(problems).toEqual([]);
  }, 30_000);
});
