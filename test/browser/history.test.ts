import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
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

const HOUR = 3_600_000;

describe.skipIf(browserIsMissing)('the History page in a browser', () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;
  const now = Date.now();
  const gapFrom = Math.floor((now - 9 * HOUR) / HOUR) * HOUR;
  const problems: string[] = [];

  beforeAll(async () => {
    house = await startHouse();
    const history = houseHistory(house.source.id, now - 40 * 24 * HOUR, now, gapFrom);
    await house.app.features.telemetry.admin.importReadings(house.source.id, history);
    browser = await launchBrowser();
    page = await (await house.signIn(browser)).newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await house?.app.dispose();
  });

  const alive = () => page.locator('.panel.is-alive').first().waitFor({ timeout: 15_000 });
  const open = async (query = ''): Promise<void> => {
    await page.goto(`${house.url}/history${query}`);
    await alive();
  };
  interface Model {
    range: { from: number; to: number };
    bucketMs: number;
    times: number[];
    panels: { lines: { values: (number | null)[] }[] }[];
  }
  const model = async (): Promise<Model> => JSON.parse((await page.locator('#chart-data').textContent()) ?? '{}');

  test('home-energy-manager #134: shows the last 24 hours with the hole in them, in the zone of the source', async () => {
    await open();
    expect(await page.locator('h1').textContent()).toBe('The last 24 hours');
    expect(await page.locator('.history-zone').textContent()).toContain('Europe/Lisbon');
    const shown = await model();
    const solar = shown.panels[0]?.lines[0]?.values ?? [];
    const inGap = shown.times.flatMap((time, i) =>
      time > gapFrom + HOUR / 2 && time < gapFrom + 2.5 * HOUR ? [solar[i]] : [],
    );
    expect(inGap.length).toBeGreaterThan(5);
    expect(inGap.every((value) => value === null)).toBe(true);
    const wall = new Intl.DateTimeFormat('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
      timeZone: 'Europe/Lisbon',
      hourCycle: 'h23',
    });
    await page.locator('#chart').press('End');
    const last = shown.times.length - 1;
    const middle = Math.min(now + 60_000, (shown.times[last] ?? 0) + shown.bucketMs / 2);
    expect(await page.locator('[data-readout-time]').textContent()).toContain(wall.format(middle).slice(0, 2));
  }, 60_000);

  test('arrow keys read values out, plus asks for finer data, and Back comes back', async () => {
    await open('?range=7d');
    const wide = await model();
    await page.locator('#chart').focus();
    await page.keyboard.press('ArrowLeft');
    const first = await page.locator('[data-readout-time]').textContent();
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await page.locator('[data-readout-time]').textContent()).not.toBe(first);
    await page.locator('#chart-voice', { hasText: 'Solar' }).waitFor({ state: 'attached' });
    await page.keyboard.press('+');
    await page.waitForURL(/from=/);
    const near = await model();
    expect(near.bucketMs).toBeLessThan(wide.bucketMs);
    expect(near.range.to - near.range.from).toBeLessThan((wide.range.to - wide.range.from) * 0.6);
    expect(await page.evaluate<string>('document.activeElement.id')).toBe('chart');
    await page.goBack();
    await page.waitForURL(/range=7d/);
    await page.getByText('The last 7 days').waitFor();
  }, 60_000);

  test('a drag zooms to what was dragged over, and the address can be shared', async () => {
    await open('?range=24h');
    const box = await page.locator('.u-over').first().boundingBox();
    if (!box) throw new Error('no chart');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 80);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + 90, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL(/from=/);
    const { range } = await model();
    expect((range.to - range.from) / HOUR).toBeCloseTo(6, 0);
    await page.reload();
    await alive();
    expect((await model()).range).toEqual(range);
  }, 60_000);

  test('T shows the same data as a table with a caption, and CSV carries zone and values', async () => {
    await open('?range=24h');
    const shown = await model();
    await page.locator('.tab-bar a').first().focus();
    await page.keyboard.press('t');
    await page.locator('#chart').focus();
    expect(await page.locator('.history-table table').count()).toBe(0);
    await page.keyboard.press('t');
    const table = page.locator('.history-table table');
    await table.waitFor();
    expect(await table.locator('caption').textContent()).toContain('Europe/Lisbon');
    const filled = shown.times.filter((_, i) => shown.panels[0]?.lines.some((line) => line.values[i] != null));
    expect(Math.abs((await table.locator('tbody tr').count()) - filled.length)).toBeLessThanOrEqual(2);
    const csv = await page.request.get(`${house.url}/history.csv?view=power&range=24h`);
    const [header = '', row = ''] = (await csv.text()).split('\r\n');
    expect(header).toStartWith('time (Europe/Lisbon),Solar power (W)');
    expect(row).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00[+-]\d\d:\d\d,/);
  }, 60_000);

  test('bars of energy lead to the day behind them, and arrow keys move among them', async () => {
    await page.goto(`${house.url}/history?view=energy&range=30d`);
    await page.locator('.bar').first().waitFor();
    expect(await page.locator('.bar').count()).toBe(30);
    await page.locator('.bar[tabindex="0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    const label = await page.evaluate<string>("document.activeElement.getAttribute('aria-label')");
    expect(label).toMatch(/produced \d+\.\d kWh, .*used \d+\.\d kWh/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/view=power&from=/);
    await alive();
    const { range } = await model();
    expect(range.to - range.from).toBe(24 * HOUR);
  }, 60_000);

  test('a day of the calendar is a whole one, leads on, and its address stands still', async () => {
    await open('?range=24h');
    await page.locator('[data-history="day"]').click();
    await page.waitForURL(/range=\d{4}-\d\d-\d\d/);
    await alive();
    const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Lisbon' }).format(Date.now());
    expect(new URL(page.url()).searchParams.get('range')).toBe(today);
    await page.locator('[data-history="Earlier"]').click();
    await page.waitForURL((url) => url.searchParams.get('range') !== today);
    await page.locator('.chart-card:not([aria-busy])').waitFor();
    const { range } = await model();
    const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Lisbon', timeStyle: 'short' });
    expect([clock.format(range.from), clock.format(range.to)]).toEqual(['00:00', '00:00']);
    await open('?range=24h');
    await page.locator('[data-history="exact"]').click();
    await page.waitForURL(/from=.*to=/);
    await alive();
    const exact = (await model()).range;
    await page.reload();
    await alive();
    expect((await model()).range).toEqual(exact);
  }, 60_000);

  test('two units lie over each other with an axis on either side, or apart, by keyboard too', async () => {
    await open('?view=own&metrics=solarPower&range=24h');
    await page.locator('[data-history="stateOfCharge"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/metrics=solarPower,stateOfCharge/);
    await page.locator('.panel.has-right-axis.is-alive').waitFor();
    expect(await page.locator('.panel').count()).toBe(1);
    expect(await page.locator('.panel-unit-right').textContent()).toBe('%');
    expect(await page.evaluate<string>('document.activeElement.dataset.history')).toBe('stateOfCharge');
    await page.locator('#chart').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('[data-readout="stateOfCharge"]').textContent()).toMatch(/^\d+%$/);
    await page.locator('[data-history="axes-apart"]').click();
    await page.waitForURL(/axes=apart/);
    await page.locator('.panel.is-alive').nth(1).waitFor();
    expect(await page.locator('.panel').count()).toBe(2);
  }, 60_000);

  test('a line of another source stands beside the house, in chart, table and CSV alike', async () => {
    const { sources, telemetry } = house.app.features;
    const place = { latitude: 38.72, longitude: -9.14, timeZone: 'Europe/Lisbon' };
    const barn = unwrap(
      await sources.service.create(house.viewer, {
        ...place,
        name: 'Barn, old',
        connectionType: 'mqtt',
        role: 'solar',
      }),
    ).source.id;
    const history = houseHistory(barn, now - 2 * 24 * HOUR, now, now + HOUR);
    await telemetry.admin.importReadings(barn, history);
    await open('?view=own&metrics=solarPower&range=7d');
    await page.locator(`[data-history="of-source:${barn}"]`).click();
    await page.waitForURL(/of=source/);
    await page.locator(`[data-history="solarPower@source:${barn}"]`).click();
    await page.waitForURL(/metrics=solarPower,solarPower@source/);
    await alive();
    expect(await page.locator('.readout-item dt').allTextContents()).toEqual(['Solar, House', 'Solar, Barn, old']);
    const address = page.url();
    await page.locator('#chart').focus();
    await page.keyboard.press('t');
    await page.locator('.history-table table').waitFor();
    const rows = await page.locator('.history-table tbody tr').count();
    const heads = await page.locator('.history-table thead th').allTextContents();
    const csv = await page.request.get(address.replace('/history?', '/history.csv?'));
    const [header = '', ...lines] = (await csv.text()).trim().split('\r\n');
    expect(lines).toHaveLength(rows);
    expect(header).toContain('"Solar power, Barn, old (W)"');
    expect(heads.slice(1).every((head) => header.includes(head))).toBe(true);
    await page.goBack();
    await page.locator('.panel.is-alive').first().waitFor();
    await sources.service.remove(house.viewer, barn);
  }, 60_000);

  test('every look fits a phone, names its controls, and nothing is broken', async () => {
    for (const query of [
      '',
      '?view=battery&range=30d',
      '?view=energy',
      '?view=own&metrics=gridPower',
      '?view=own&metrics=gridPower,batteryVoltage&range=7d',
      '?as=table',
    ]) {
      await page.goto(`${house.url}/history${query}`);
      expect(await fitsItsWidth(page)).toBe(true);
      expect(await namelessControls(page)).toEqual([]);
    }
    expect(problems).toEqual([]);
  }, 60_000);

  test('has its picture before any script runs, in the place where it stays', async () => {
    const plain = await house.signIn(browser, { javaScriptEnabled: false }).catch(() => null);
    if (!plain) throw new Error('signing in needs no script');
    const still = await plain.newPage();
    await still.goto(`${house.url}/history?range=7d&wait=1`);
    expect(await still.locator('.panel-static .line-stroke').count()).toBeGreaterThan(2);
    const before = await still.locator('.panel').first().boundingBox();
    await open('?range=7d');
    expect(await page.locator('.panel').first().boundingBox()).toEqual(before);
  }, 60_000);
});
