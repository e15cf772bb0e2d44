import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, Page } from 'playwright-core';
import type { Reading } from '../../src/core/reading.ts';
import { unwrap } from '../../src/core/result.ts';
import { dayKey, localDayOf, startOfLocalDay } from '../../src/core/zone.ts';
import { browserIsMissing, fitsItsWidth, launchBrowser, startHouse, type TestHouse } from './house.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MINUTE = 60_000;
const ZONE = 'Asia/Kathmandu';
const moved = 'America/Los_Angeles';

/** Number of a day of the zone, so that each day has a sum of its own. */
const kiloOf = (day: number): number => (((day % 5) + 5) % 5) + 1;

/** The first four hours of each day of Kathmandu give 1 to 5 kW, by the day: in another zone they are of another day. */
function* earlySun(sourceId: string, from: number, to: number): Generator<Reading> {
  for (let time = from; time < to; time += 2 * MINUTE) {
    const day = localDayOf(time, ZONE);
    const hour = (time - startOfLocalDay(day, ZONE)) / HOUR;
    const solarPower = hour < 4 ? 1000 * kiloOf(day) : 0;
    yield { sourceId, time, values: { solarPower, inverterTemperature: 20 + solarPower / 250, batteryVoltage: 51.2 } };
  }
}

describe.skipIf(browserIsMissing)(
  'core #92888, OpenEMS #2360: what a browser in another zone than the source’s shows',
  () => {
    let house: TestHouse;
    let browser: Browser;
    let page: Page;
    let other: Page;
    let source: string;
    const now = Date.now();
    const problems: string[] = [];

    beforeAll(async () => {
      house = await startHouse();
      const place = { latitude: 27.7, longitude: 85.3, timeZone: ZONE };
      const { sources, telemetry } = house.app.features;
      source = unwrap(
        await sources.service.create(house.viewer, { ...place, name: 'Roof of Patan', connectionType: 'mqtt' }),
      ).source.id;
      await telemetry.admin.importReadings(source, earlySun(source, now - 40 * DAY, now));
      browser = await launchBrowser();
      page = await (await house.signIn(browser, { timezoneId: 'America/St_Johns' })).newPage();
      other = await (await house.signIn(browser, { timezoneId: 'Australia/Eucla', colorScheme: 'dark' })).newPage();
      for (const one of [page, other]) {
        one.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
        one.on('pageerror', (error) => problems.push(error.message));
      }
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      await house?.app.dispose();
    });

    const ready = (one: Page) =>
      one.locator('.panel.is-alive, .dot, .bar, .history-table tbody tr').first().waitFor({ timeout: 15_000 });
    const settled = async (one: Page): Promise<void> => {
      await one.locator('.chart-card:not([aria-busy])').waitFor();
      await ready(one);
    };
    const open = async (query: string): Promise<void> => {
      await page.goto(`${house.url}/history?show=source:${source}&${query}`);
      await settled(page);
    };
    /** All that the page says of what is shown; the moment at which it was drawn is not of it. */
    const shown = (one: Page): Promise<Record<string, unknown>> =>
      one.evaluate(`(() => {
      const texts = (query) => [...document.querySelectorAll(query)].map((element) => element.textContent.trim());
      const { now, ...model } = JSON.parse(document.getElementById('chart-data')?.textContent ?? '{}');
      return {
        model, title: texts('h1, .history-span, .history-story, .chart-note'), rows: texts('.history-table tr'),
        bars: [...document.querySelectorAll('.bar')].map((bar) => bar.getAttribute('aria-label')),
        dots: texts('.dot title'), current: texts('.history [aria-current]'), ticks: texts('.scatter text'),
        dates: [...document.querySelectorAll('.history-dates input')].map((input) => input.value),
      };
    })()`);
    const expectSameElsewhere = async (): Promise<Record<string, unknown>> => {
      await settled(page);
      await other.goto(page.url());
      await settled(other);
      const there = await shown(other);
      expect(there).toEqual(await shown(page));
      return there;
    };
    const days = (count: number): number[] =>
      Array.from({ length: count }, (_, i) => localDayOf(now, ZONE) - count + i);

    test('shows the same time, lines and choices after each zoom, move and choice', async () => {
      const yesterday = dayKey(localDayOf(now, ZONE) - 1);
      await open(`view=power&range=${yesterday}`);
      const { model } = (await expectSameElsewhere()) as { model: { range: { from: number; to: number } } };
      // The day is that of the source, which neither of the two browsers shares.
      expect(new Date(model.range.from).toISOString()).toContain('T18:15:00');
      expect(model.range.to - model.range.from).toBe(DAY);

      await page.evaluate('window.isStill = true');
      await page.locator('#chart').press('+');
      await page.waitForURL(/from=/);
      await expectSameElsewhere();
      await page.locator('#chart').press('[');
      await page.waitForTimeout(600);
      await expectSameElsewhere();
      const box = await page.locator('.u-over').first().boundingBox();
      if (!box) throw new Error('no chart');
      const before = page.url();
      await page.mouse.move(box.x + box.width * 0.3, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.7, box.y + 70, { steps: 6 });
      await page.mouse.up();
      await page.waitForURL((url) => url.href !== before);
      await expectSameElsewhere();

      await page.locator('[data-history="own"]').click();
      await page.waitForURL(/view=own/);
      await page.locator('[data-history="inverterTemperature"]').click();
      await page.waitForURL(/inverterTemperature/);
      await expectSameElsewhere();
      await page.locator('[data-history="axes-apart"]').click();
      await page.waitForURL(/axes=apart/);
      await expectSameElsewhere();
      await page.locator('[data-history="table"]').click();
      await page.waitForURL(/as=table/);
      expect(((await expectSameElsewhere()) as { rows: string[] }).rows.length).toBeGreaterThan(10);
      await page.locator('.history-dates select[name=show]').selectOption('house');
      await page.waitForURL(/show=house/);
      await expectSameElsewhere();
      // All of that on one and the same page.
      expect(await page.evaluate<boolean>('window.isStill')).toBe(true);
      await open(`view=own&metrics=solarPower,gridPower,${'x'.repeat(60)}&range=7d`);
      expect(await page.locator('.chart-left-out').textContent()).toMatch(/: Grid power, x{40}\.$/);
      expect(await fitsItsWidth(page)).toBe(true);
      await open('view=energy&range=7d');
      await page.locator('[data-history="exact"]').click();
      await page.waitForURL(/from=/);
      expect(((await expectSameElsewhere()) as { bars: string[] }).bars).toHaveLength(7);
      expect(problems).toEqual([]);
    }, 90_000);

    test('any metric lies against any other as dots, by keyboard, with the table and the CSV of the same dots', async () => {
      const [first = 0, last = 0] = [days(7)[0], days(7).at(-1)];
      await open(`view=own&metrics=solarPower&from=${dayKey(first)}&to=${dayKey(last)}`);
      expect(await page.locator('[data-history="axes-against"]').count()).toBe(0);
      await page.locator('[data-history="inverterTemperature"]').focus();
      await page.keyboard.press('Enter');
      await page.locator('[data-history="axes-against"]').focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(/axes=against/);
      const { dots } = (await expectSameElsewhere()) as { dots: string[] };
      expect(dots.length).toBeGreaterThan(200);
      // The hotter the more it gives, by how it was made.
      expect(await page.locator('.chart-note').textContent()).toContain('Correlation 1.00');
      expect(await fitsItsWidth(page)).toBe(true);
      const csv = await page.request.get(page.url().replace('/history?', '/history.csv?'));
      const [header, ...rows] = (await csv.text()).trim().split('\r\n');
      expect(header).toBe(`time (${ZONE}),Solar power (W),Inverter temperature (°C)`);
      expect(rows).toHaveLength(dots.length);
      await page.locator('[data-history="axes-swap"]').click();
      await page.waitForURL(/metrics=inverterTemperature,solarPower&axes=against/);
      expect(((await expectSameElsewhere()) as { dots: string[] }).dots[0]).toMatch(/: .*°C, .*W$/);
      await page.locator('#chart').focus();
      await page.keyboard.press('t');
      await page.locator('.history-table table').waitFor();
      const plain = await (await house.signIn(browser, { javaScriptEnabled: false })).newPage();
      await plain.goto(`${page.url().replace('&as=table', '')}&wait=1`);
      expect(await plain.locator('.dot').count()).toBe(dots.length);
      expect(problems).toEqual([]);
    }, 60_000);

    test('days, bars and the calendar are those of a 45-minute zone, and of the next one after the source moved', async () => {
      const { service } = house.app.features.sources;
      for (const [zone, shift] of [
        [ZONE, 0],
        [moved, 1],
      ] as const) {
        unwrap(await service.update(house.viewer, source, { timeZone: zone }));
        const year = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now).slice(0, 4);
        const csv = await page.request.get(`${house.url}/totals.csv?show=source:${source}&period=${year}&by=day`);
        const rows = new Map((await csv.text()).split('\r\n').map((row) => [row.slice(0, 10), row.split(',')[1]]));
        expect(await csv.text()).toStartWith(`day (${zone})`);
        await page.goto(`${house.url}/totals?show=source:${source}&period=${year}&of=solar`);
        await page.locator('.map-day').first().waitFor();
        let compared = 0;
        for (const day of days(20)
          .filter((day) => dayKey(day).startsWith(year))
          .slice(0, -2)) {
          // What flowed early in a day of Kathmandu is of the noon before in Los Angeles.
          const key = dayKey(day - shift);
          if (!key.startsWith(year)) continue;
          // Days differ by 4 kWh; the steps up and down lie within two minutes of where they are.
          const kwh = Number(rows.get(key));
          expect([key, Math.abs(kwh - 4 * kiloOf(day)) < 0.2 ? 'right' : kwh]).toEqual([key, 'right']);
          const label = await page.locator(`.map-day[data-day="${key}"]`).getAttribute('aria-label');
          expect(label).toContain(`${Number(rows.get(key)).toFixed(1)} kWh`);
          compared++;
        }
        // In the first days of a year there are few of them.
        const passed = Math.floor((now - Date.UTC(Number(year), 0, 4)) / DAY);
        expect(compared).toBeGreaterThanOrEqual(Math.max(0, Math.min(15, passed)));
      }
      await open('view=power&range=24h');
      expect(await page.locator('.history-zone').textContent()).toContain('America/Los Angeles');
      expect(problems).toEqual([]);
    }, 60_000);
  },
);
