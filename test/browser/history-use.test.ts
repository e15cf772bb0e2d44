import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { browserIsMissing, houseHistory, launchBrowser, startHouse, type TestHouse } from './house.ts';

const HOUR = 3_600_000;

describe.skipIf(browserIsMissing)('the History page in the hand', () => {
  let house: TestHouse;
  let browser: Browser;
  let page: Page;
  let touch: CDPSession;
  const now = Date.now();
  const gapFrom = Math.floor((now - 9 * HOUR) / HOUR) * HOUR;
  const problems: string[] = [];

  beforeAll(async () => {
    house = await startHouse();
    const lone = { sourceId: house.source.id, time: gapFrom + 1.5 * HOUR, values: { solarPower: 900, loadPower: 300 } };
    const history = [...houseHistory(house.source.id, now - 20 * 24 * HOUR, now, gapFrom), lone];
    await house.app.features.telemetry.admin.importReadings(house.source.id, history);
    browser = await launchBrowser();
    const context = await house.signIn(browser, { hasTouch: true });
    page = await context.newPage();
    touch = await context.newCDPSession(page);
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

  const open = async (query = ''): Promise<void> => {
    await page.goto(`${house.url}/history${query}`);
    await page.locator('.panel.is-alive').first().waitFor({ timeout: 15_000 });
  };
  const range = async (): Promise<{ from: number; to: number }> =>
    JSON.parse((await page.locator('#chart-data').textContent()) ?? '{}').range;
  const width = ({ from, to }: { from: number; to: number }) => to - from;
  /** The content security policy lets no test watch from inside, so it asks again and again. */
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 8000; Date.now() < end; await Bun.sleep(50)) if (await isSo()) return;
    throw new Error('it did not come to be');
  };
  const plot = async () => {
    const box = await page.locator('.u-over').first().boundingBox();
    if (!box) throw new Error('there is no chart');
    return box;
  };

  /** Fingers that move in ten steps from one place to another; x as shares of the width of the lines. */
  async function fingers(from: number[], to: number[]): Promise<void> {
    const box = await plot();
    const at = (shares: number[]) =>
      shares.map((share, id) => ({ x: box.x + share * box.width, y: box.y + box.height / 2 + 10 * id, id }));
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from) });
    for (let step = 1; step <= 10; step++) {
      const between = from.map((share, i) => share + (((to[i] ?? share) - share) * step) / 10);
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(between) });
    }
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  test('two fingers apart zoom in to where they are', async () => {
    await open('?range=24h');
    const before = await range();
    await fingers([0.45, 0.55], [0.2, 0.8]);
    await page.waitForURL(/from=/);
    const after = await range();
    const width = before.to - before.from;
    expect((after.to - after.from) / width).toBeCloseTo(1 / 6, 1);
    expect(((after.from + after.to) / 2 - before.from) / width).toBeCloseTo(0.5, 1);
  }, 60_000);

  test('two fingers side by side move the time, and stop at now', async () => {
    await open('?range=24h');
    const before = await range();
    await fingers([0.2, 0.4], [0.5, 0.7]);
    await page.waitForURL(/from=/);
    const earlier = await range();
    expect((before.from - earlier.from) / (before.to - before.from)).toBeCloseTo(0.3, 1);
    await fingers([0.9, 0.7], [0.2, 0]);
    await until(async () => (await range()).from !== earlier.from);
    const later = await range();
    expect(later.to).toBeLessThanOrEqual(Date.now());
    expect(later.to - later.from).toBeCloseTo(earlier.to - earlier.from, -5);
  }, 60_000);

  test('one finger reads out and leaves the page where it is', async () => {
    await open('?range=24h');
    const before = await page.locator('[data-readout-time]').textContent();
    await fingers([0.8], [0.3]);
    expect(await page.locator('[data-readout-time]').textContent()).not.toBe(before);
    expect(page.url()).toEndWith('?range=24h');
    expect(await page.evaluate<number>('scrollY')).toBe(0);
  }, 60_000);

  test('the wheel scrolls the page, zooms with Ctrl, and moves with Shift', async () => {
    await open('?range=24h');
    const box = await plot();
    const before = await range();
    await page.mouse.move(box.x + box.width / 2, box.y + 60);
    await page.mouse.wheel(0, 120);
    await until(async () => (await page.evaluate<number>('scrollY')) > 50);
    expect(page.url()).toEndWith('?range=24h');
    await page.evaluate('scrollTo(0, 0)');
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -120);
    await page.mouse.wheel(0, -120);
    await page.keyboard.up('Control');
    await page.waitForURL(/from=/);
    // A slow machine may show the first turn by itself.
    await until(async () => width(await range()) < width(before) * 0.8);
    const near = await range();
    await page.keyboard.down('Shift');
    await page.mouse.wheel(0, 120);
    await page.keyboard.up('Shift');
    await until(async () => (await range()).from !== near.from);
    expect((await range()).from).toBeGreaterThan(near.from);
  }, 60_000);

  test('a zoom out never goes past now, by keys or by the button', async () => {
    // The address carries whole seconds, rounded up so that the newest reading is in.
    const nowInSeconds = () => Math.ceil(Date.now() / 1000) * 1000;
    await open('?range=24h');
    await page.locator('#chart').focus();
    await page.keyboard.press('-');
    await page.waitForURL(/from=/);
    expect((await range()).to).toBeLessThanOrEqual(nowInSeconds());
    await page.getByRole('link', { name: 'Zoom out' }).click();
    await until(async () => ((await page.locator('h1').textContent()) ?? '').includes('4 d'));
    expect((await range()).to).toBeLessThanOrEqual(nowInSeconds());
  }, 60_000);

  test('a range that cannot be is not replaced: what was typed stays, with the reason at its field', async () => {
    await open('?range=24h');
    await page.fill('input[name=from]', '2026-11-20T10:00');
    await page.fill('input[name=to]', '2026-11-19T10:00');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.locator('#to-error').waitFor();
    expect(await page.locator('#to-error').textContent()).toBe('The end must be later than the beginning.');
    expect(await page.inputValue('input[name=from]')).toBe('2026-11-20T10:00');
    expect(await page.inputValue('input[name=to]')).toBe('2026-11-19T10:00');
    expect(await page.locator('input[name=to]').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.panel').count()).toBe(0);
    expect((await page.request.get(`${house.url}/history.csv?from=1990-01-01&to=1990-02-01`)).status()).toBe(400);
    await page.goto(`${house.url}/history?range=2026-02-30`);
    await page.getByText('“2026-02-30” is no day, month or year of the calendar.').waitFor();
    expect(await page.locator('.panel').count()).toBe(0);
    await page.getByRole('link', { name: 'Up to now' }).click();
    await page.locator('.panel').first().waitFor();
  }, 60_000);

  test('a reading between two gaps is a dot', async () => {
    await open('?range=24h');
    const drawn = await page.locator('.panel-static .line-dots').count();
    expect(drawn).toBeGreaterThan(0);
  }, 60_000);

  test('on a phone nothing but the row of tabs may be cut, and that says so', async () => {
    for (const query of ['', '?view=energy', '?view=own&metrics=gridPower']) {
      await page.goto(`${house.url}/history${query}`);
      const beyond = await page.evaluate<string[]>(`
        [...document.querySelectorAll('.history-controls > *, .history-controls .input, .history-controls .button')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth - 15.5)
          .map((element) => element.className + ' ' + element.getBoundingClientRect().right)`);
      expect(beyond).toEqual([]);
      const unsaid = await page.evaluate<string[]>(`
        [...document.querySelectorAll('.tabs')]
          .filter((row) => row.scrollWidth > row.clientWidth + 4 && !row.matches('.has-after, .has-before'))
          .map((row) => row.getAttribute('aria-label'))`);
      expect(unsaid).toEqual([]);
    }
  }, 60_000);

  test('without scripts there is the chart, the sentence and the table', async () => {
    const plain = await (await house.signIn(browser, { javaScriptEnabled: false })).newPage();
    for (const query of ['?range=7d', '?view=energy', '?view=battery&range=24h']) {
      await plain.goto(`${house.url}/history${query}`);
      await plain.locator('.line-stroke, .bar-part').nth(3).waitFor({ state: 'attached' });
      expect(await plain.locator('.readout-items .number').first().textContent()).not.toBe('-');
      expect((await plain.locator('.history-story').textContent())?.length).toBeGreaterThan(20);
    }
    await plain.getByRole('link', { name: 'Table' }).click();
    await plain.locator('.history-table tbody tr').first().waitFor();
  }, 60_000);

  test('nothing is broken', () => {
    expect(problems).toEqual([]);
  });
});
