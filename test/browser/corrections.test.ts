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

/** Ten days of 1 kW: yesterday an hour of it is wild and three are missing; a counter shows "unknown" now and then. */
function* oddDays(sourceId: string, midnight: number, now: number): Generator<Reading> {
  for (let time = midnight - 9 * DAY; time < now; time += 300_000) {
    const hour = (time - (midnight - DAY)) / HOUR;
    if (hour >= 2 && hour < 5) continue;
    const loadPower = hour >= 10 && hour < 11 ? 60_000 : 1000;
    const counted = (time - midnight) / HOUR + 1000;
    yield { sourceId, time, values: { loadPower, totalGridImport: hour === 12 ? 6553.5 : counted } };
  }
}

describe.skipIf(browserIsMissing)('how data came, and corrections, in a browser', () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;
  let source: string;
  const now = Date.now();
  const zoned = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Lisbon' });
  /** The last midnight of the source's zone. */
  const midnight = [0, 1]
    .map((hour) => Date.parse(`${zoned.format(now)}T00:00:00Z`) - hour * HOUR)
    .find(
      (time) =>
        new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Lisbon', hour: '2-digit', hourCycle: 'h23' }).format(
          time,
        ) === '00',
    ) as number;
  const yesterday = zoned.format(midnight - HOUR);
  const problems: string[] = [];

  beforeAll(async () => {
    house = await startHouse();
    source = `${house.url}/sources/${house.source.id}`;
    await house.app.features.telemetry.admin.importReadings(house.source.id, oddDays(house.source.id, midnight, now));
    browser = await launchBrowser();
    page = await (await house.signIn(browser)).newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await house?.app.dispose();
  });

  const wild = () =>
    `${source}/corrections/new?kind=remove&metric=loadPower&from=${yesterday}T00:00&to=${zoned.format(now)}T00:00&above=10000&show=1`;

  test('the page of a source leads to how its data came, and a day to its lines', async () => {
    await page.goto(source);
    await page.getByRole('link', { name: 'How well it came' }).click();
    await page.locator('.quality-story').waitFor();
    expect(await page.locator('.quality-story').textContent()).toMatch(
      /^Measured 9\d\.\d\u00a0% of the time since the first reading, .* 1 day has gaps\.$/,
    );
    expect(await page.getByRole('heading', { name: 'Energy bought, total: showed “unknown”' }).count()).toBe(1);
    const gap = page.locator(`.coverage-day[href*="from=${yesterday}"]`);
    expect(await gap.getAttribute('aria-label')).toMatch(/: 8[678] % measured$/);
    await gap.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/history/);
    expect(await page.locator('.history-zone').textContent()).toContain('Europe/Lisbon');
  }, 30_000);

  test('wrong values are found in the form, looked at, and removed; totals follow, and undoing brings them back', async () => {
    await page.goto(`${source}/corrections`);
    await page.getByRole('link', { name: 'Correct readings' }).click();
    await page.getByText('Multiply').click();
    expect(await page.getByLabel('The number').isVisible()).toBe(true);
    await page.getByText('As if it had never come').click();
    expect(await page.getByLabel('The number').isVisible()).toBe(false);
    await page.getByLabel('Of what').selectOption('loadPower');
    await page.locator('#f-from').fill(`${yesterday}T00:00:00`);
    await page.locator('#f-to').fill(`${zoned.format(now)}T00:00:00`);
    await page.getByText('Only some of the values').click();
    await page.getByLabel('Only above').fill('10000');
    await page.getByRole('button', { name: 'Show what it does' }).click();
    await page.locator('.effect-story').waitFor();
    expect(await page.locator('.effect-story').textContent()).toBe('It changes 12 values and the energy of 1 day.');
    const change = (await page.locator('.change').first().textContent()) ?? '';
    const [before = 0, after = 0] = change.split(/→ becomes/).map(Number);
    expect(before - after).toBeGreaterThan(55);
    expect(after).toBeWithin(17, 25);
    await page.getByRole('button', { name: 'Save this correction' }).click();
    await page.locator('.flash').waitFor();
    const used = async () => {
      await page.goto(`${house.url}/totals?period=${yesterday}`);
      return Number(await page.locator('[data-readout="load"] .number', { hasText: /\d/ }).textContent());
    };
    expect(await used()).toBeWithin(17, 25);
    await page.goto(`${source}/corrections`);
    await page.getByRole('link', { name: /^Undo/ }).click();
    await page.getByRole('button', { name: 'Undo it' }).click();
    await page.getByRole('heading', { name: 'Undone' }).waitFor();
    expect(await used()).toBeGreaterThan(75);
  }, 60_000);

  test('fit a phone and a desk, light and dark, and every control has a name', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [360, 1280]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 740 });
        const counted = wild().replace('loadPower', 'totalGridImport').replace('&above=10000', '');
        for (const path of [`${source}/data`, `${source}/corrections`, `${source}/corrections/new`, wild(), counted]) {
          await page.goto(path);
          expect(await fitsItsWidth(page)).toBe(true);
          expect(await namelessControls(page)).toEqual([]);
        }
      }
    }
    await page.setViewportSize({ width: 360, height: 740 });
  }, 60_000);

  test('work without scripts', async () => {
    const plain = await (await house.signIn(browser, { javaScriptEnabled: false })).newPage();
    await plain.goto(wild());
    await plain.getByRole('button', { name: 'Save this correction' }).click();
    await plain.waitForURL(/\/corrections$/);
    expect(await plain.locator('.correction-what').first().textContent()).toContain('Load power above 10,000');
    await plain.goto(`${source}/data`);
    expect(await plain.locator('.coverage-day').count()).toBeGreaterThanOrEqual(10);
    expect(problems).toEqual([]);
  }, 30_000);
});
