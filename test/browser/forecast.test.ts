import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { unwrap } from '../../src/core/result.ts';
import {
  browserIsMissing,
  fitsItsWidth,
  houseHistory,
  launchBrowser,
  namelessControls,
  startHouse,
  type TestHouse,
} from './house.ts';

/** `AMPRA_SHOTS=<folder>` keeps pictures of the pages, to be looked at. */
const shots = process.env.AMPRA_SHOTS;
const DAY = 86_400_000;
const HISTORY_DAYS = 24;

describe.skipIf(browserIsMissing)('the pages of forecasts in a browser', () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    house = await startHouse();
    const { forecast, telemetry } = house.app.features;
    const now = Date.now();
    const readings = houseHistory(house.source.id, now - HISTORY_DAYS * DAY, now, now - 5 * DAY);
    await telemetry.admin.importReadings(house.source.id, readings);
    unwrap(await forecast.desk.refreshNow(house.viewer, [house.source.id]));
    browser = await launchBrowser();
    page = await (await house.signIn(browser)).newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
  }, 90_000);

  afterAll(async () => {
    await browser?.close();
    await house?.app.dispose();
  });

  const open = async (path: string): Promise<void> => {
    await page.goto(`${house.url}${path}`);
    await page.locator('.forecast h1').waitFor({ timeout: 20_000 });
  };

  async function fitsEverywhere(name: string): Promise<void> {
    for (const width of [360, 1280])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height: 740 });
        await page.emulateMedia({ colorScheme });
        expect(await fitsItsWidth(page)).toBe(true);
        expect(await namelessControls(page)).toEqual([]);
        if (!shots) continue;
        mkdirSync(shots, { recursive: true });
        await page.screenshot({ path: join(shots, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    await page.setViewportSize({ width: 360, height: 740 });
  }

  test('says the odds of the day above the fold of a phone, and that no weather is known', async () => {
    await open('/forecast?span=tomorrow');
    expect(await page.locator('h1').textContent()).toMatch(
      /^Tomorrow (about [\d.]+ kWh|most likely [\d.]+ kWh, between [\d.]+ and [\d.]+)$/,
    );
    const box = await page.locator('.forecast-head').boundingBox();
    expect((box?.y ?? 9999) + (box?.height ?? 9999)).toBeLessThan(740 - 60);
    await page.getByText('Without weather', { exact: true }).waitFor();
    await page.getByText('Nobody said what is installed').waitFor();
    expect(await page.locator('.odds-day').count()).toBe(7);
    await fitsEverywhere('forecast-tomorrow');
  }, 60_000);

  test('reads hours out and explains them by keyboard, and holds the hour in the address', async () => {
    await open('/forecast?span=tomorrow');
    expect(await page.locator('a.fan-hour').count()).toBeGreaterThanOrEqual(23);
    expect(await page.locator('a.fan-hour[tabindex="0"]').count()).toBe(1);
    await page.locator('a.fan-hour[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#fan-read').textContent()).toMatch(/01:00 to 02:00: /);
    await page.locator('#why-title', { hasText: '01:00 to 02:00' }).waitFor({ timeout: 20_000 });
    await page.getByText('The sun is down.').waitFor();
    expect(page.url()).toMatch(/hour=\d{4}-\d\d-\d\dT\d\d%3A00%3A00Z/);
    await page.getByRole('link', { name: 'The hour after' }).click();
    await page.locator('#why-title', { hasText: '02:00 to 03:00' }).waitFor({ timeout: 20_000 });
    expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('The hour after');
    await page.reload();
    await page.locator('#why-title', { hasText: '02:00 to 03:00' }).waitFor({ timeout: 20_000 });
    await page.locator('.site-nav a, .tab-bar a').first().focus();
    await page.keyboard.press('t');
    expect(await page.locator('.forecast-table').count()).toBe(0);
    await page.locator('a.fan-hour[tabindex="0"]').focus();
    await page.keyboard.press('t');
    await page.locator('.forecast-table').waitFor({ timeout: 20_000 });
    expect(problems).toEqual([]);
  }, 60_000);

  test('a finger reads hours out where it touches, and nothing jumps', async () => {
    const context = await house.signIn(browser, { hasTouch: true });
    const phone = await context.newPage();
    // A model that is learned meanwhile gives another forecast, which may say more.
    const isLearning = () =>
      house.app.features.jobs
        .list({ limit: 50 })
        .some(({ kind, state }) => kind === 'forecast.train' && (state === 'running' || state === 'queued'));
    while (isLearning()) await Bun.sleep(100);
    await phone.goto(`${house.url}/forecast?span=tomorrow`);
    const fan = phone.locator('.fan .panel-plot');
    await fan.scrollIntoViewIfNeeded();
    const box = await fan.boundingBox();
    if (!box) throw new Error('no chart');
    const height = () => phone.evaluate<number>('document.documentElement.scrollHeight');
    const before = await height();
    await phone.touchscreen.tap(box.x + box.width * 0.52, box.y + box.height / 2);
    await phone.locator('#why-title', { hasText: '12:00 to 13:00' }).waitFor({ timeout: 20_000 });
    expect(await phone.locator('#fan-read').textContent()).toContain('12:00 to 13:00');
    expect(await height()).toBe(before);
    await context.close();
  }, 60_000);

  test('works without scripts: hours, the table with its reasons, a past forecast, the CSV', async () => {
    const plain = await house.signIn(browser, { javaScriptEnabled: false });
    const still = await plain.newPage();
    await still.goto(`${house.url}/forecast?span=tomorrow`);
    await still.locator('a[data-table]').click();
    await still.getByRole('link', { name: /^Why, .*, 12:00$/ }).click();
    await still.locator('#why-title', { hasText: '12:00 to 13:00' }).waitFor({ timeout: 20_000 });
    const csv = await plain.request.get(`${house.url}/forecast.csv?span=tomorrow`);
    expect((await csv.text()).split('\r\n').length).toBeGreaterThan(24);
    const issued = await still.locator('select[name=at] option').nth(1).getAttribute('value');
    await still.selectOption('select[name=at]', issued ?? '');
    await still.getByRole('button', { name: 'Show', exact: true }).click();
    await still.getByText('As it was issued on').waitFor({ timeout: 20_000 });
    expect(still.url()).toContain('at=');
    await plain.close();
  }, 60_000);

  test('learns with its progress shown, and then shows what it learned from, and how well', async () => {
    await open('/forecast/model');
    const learn = page.getByRole('button', { name: 'Learn now' });
    if (await learn.isEnabled()) await learn.click();
    await page.locator('#training progress').waitFor({ timeout: 30_000 });
    await page.locator('.training-state', { hasText: 'Learned' }).waitFor({ timeout: 120_000 });
    await page.locator('h1', { hasText: /^Learned from 2\d days/ }).waitFor({ timeout: 30_000 });
    expect(await page.locator('.table tbody tr').count()).toBeGreaterThan(8);
    await fitsEverywhere('forecast-model');
    expect(problems).toEqual([]);
  }, 180_000);

  test('keeps its score in public: errors by lead time, coverage, days, weights', async () => {
    await open('/forecast/accuracy');
    expect(await page.locator('h1').textContent()).toMatch(/^A day ahead it was off by [\d.]+ k?W on average$/);
    expect(await page.locator('.lead-row').count()).toBeGreaterThanOrEqual(5);
    expect(await page.locator('.held').count()).toBe(2);
    expect(await page.getByText('What was learned here').count()).toBe(1);
    await fitsEverywhere('forecast-accuracy');
    const days = page.locator('a.judged-day');
    expect(await page.locator('a.judged-day[tabindex="0"]').count()).toBe(1);
    await page.locator('a.judged-day[tabindex="0"]').focus();
    const usual = await page.locator('#judged-read').getAttribute('data-usual');
    expect(usual).toMatch(/^\d+ days, \d+ of them outside their band$/);
    await page.keyboard.press('Home');
    const first = (await days.first().getAttribute('aria-label')) ?? '';
    expect(await page.locator('#judged-read').textContent()).toBe(first);
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#judged-read').textContent()).toBe((await days.nth(1).getAttribute('aria-label')) ?? '');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.getByText('As it was issued on').waitFor({ timeout: 20_000 });
    expect(await page.locator('.page-lead').first().textContent()).toContain('produced in the end');
    expect(problems).toEqual([]);
  }, 60_000);

  test('puts a model back only after asking', async () => {
    await open('/forecast/model');
    const version = (await page.locator('#model-card code').last().textContent()) ?? '';
    await page.goto(`${house.url}/sources/${house.source.id}/forecast/models/${version}/put-back`);
    expect(await fitsItsWidth(page)).toBe(true);
    await page.getByRole('button', { name: 'Put it back' }).click();
    await page.getByText('This model serves already.').waitFor({ timeout: 20_000 });
  }, 60_000);

  test('says on Live and on the page of the source what comes, and leads to the forecast', async () => {
    for (const path of ['/', `/sources/${house.source.id}`]) {
      await page.goto(`${house.url}${path}`);
      await page.locator('.outlook-days', { hasText: 'Tomorrow' }).waitFor({ timeout: 20_000 });
      expect(await fitsItsWidth(page)).toBe(true);
    }
    await page.goto(house.url);
    // What the battery did of late is looked up behind the page, which the next picture tells: in the same place.
    const battery = page.locator('#battery-to-come');
    expect(await battery.count()).toBe(1);
    await battery.getByText(/about \d\d:\d\d/).waitFor({ timeout: 30_000 });
    expect(await fitsItsWidth(page)).toBe(true);
    for (const [width, height] of [
      [1024, 768],
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      await page.goto(`${house.url}/?kiosk=1`);
      await battery.waitFor({ timeout: 20_000 });
      const size = await page.evaluate('[document.body.scrollWidth, document.body.scrollHeight]');
      expect([width, size]).toEqual([width, [width, height]]);
    }
    await page.setViewportSize({ width: 360, height: 740 });
    await page.goto(house.url);
    await page.locator('.outlook-more').click();
    await page.locator('#fan').waitFor({ timeout: 20_000 });
    expect(problems).toEqual([]);
  }, 60_000);

  test('a source that has sent nothing says the next step', async () => {
    const made = unwrap(
      await house.app.features.sources.service.create(house.viewer, {
        ...{ name: 'Shed', connectionType: 'mqtt', latitude: 38.7, longitude: -9.1, timeZone: 'Europe/Lisbon' },
      }),
    );
    for (const name of ['forecast', 'forecast/accuracy', 'forecast/model']) {
      await page.goto(`${house.url}/${name}?show=source:${made.source.id}`);
      await page.getByRole('link', { name: 'How to connect it' }).waitFor({ timeout: 20_000 });
    }
  }, 60_000);
});
