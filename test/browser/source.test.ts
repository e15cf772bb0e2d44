import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import {
  browserIsMissing,
  fitsItsWidth,
  launchBrowser,
  namelessControls,
  startHouse,
  type TestHouse,
} from './house.ts';

const LONG = 'W'.repeat(100);

describe.skipIf(browserIsMissing)('the page of a source in a browser', () => {
  let house: TestHouse;
  let browser: Browser;
  let inverter: MqttClient;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    house = await startHouse();
    browser = await launchBrowser();
    const context = await house.signIn(browser);
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    inverter = await mqtt.connectAsync(`mqtt://127.0.0.1:${house.mqttPort}`, {
      username: house.source.id,
      password: house.source.apiKey,
      protocolVersion: 5,
    });
  }, 60_000);

  afterAll(async () => {
    await inverter?.endAsync();
    await browser?.close();
    await house?.app.dispose();
  });

  const publish = (payload: unknown): Promise<unknown> =>
    inverter.publishAsync(
      `ampra/${house.source.id}/telemetry`,
      typeof payload === 'string' ? payload : JSON.stringify(payload),
      { qos: 1 },
    );
  const open = () => page.goto(`${house.url}/sources/${house.source.id}`);
  const times = () => page.locator('#messages-list [data-at]').evaluateAll((all) => all.map((e) => e.dataset.at));

  test('shows the first message by itself, and moves nothing around it', async () => {
    await publish({ solarPower: 0 });
    await open();
    await page.locator('#messages-list').waitFor();
    const about = await page.locator('.facts').first().boundingBox();
    for (let i = 1; i <= 5; i++) await publish({ solarPower: i, x: 'y'.repeat(i * 300) });
    await page.getByText('"solarPower": 5').first().waitFor({ timeout: 15_000 });
    expect(await page.locator('.facts').first().boundingBox()).toEqual(about);
    expect(await page.locator('#messages-list > li').count()).toBe(6);
    expect(await page.locator('.message-newest').count()).toBe(1);
  }, 60_000);

  test('shifts nothing while it loads and while messages come', async () => {
    await page.addInitScript(`
      window.shifts = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) window.shifts += entry.value;
      }).observe({ type: 'layout-shift', buffered: true });
    `);
    await open();
    for (let i = 0; i < 4; i++) {
      await publish({ solarPower: 100 + i, ...(i % 2 ? { batteryVoltage: 51, gridPower: 4 } : {}) });
      await Bun.sleep(500);
    }
    await page.getByText('"solarPower": 103').first().waitFor({ timeout: 15_000 });
    // What it says goes on with it; what it says for the first time waits until the page is asked for anew.
    await page.locator('[data-metric=solarPower]', { hasText: '103 W' }).waitFor({ timeout: 15_000 });
    expect(await page.locator('[data-metric=gridPower]').count()).toBe(0);
    expect(await page.evaluate<number>('window.shifts')).toBeLessThan(0.01);
    await open();
    expect(await page.locator('[data-metric=gridPower]').textContent()).toMatch(/4\sW$/);
  }, 60_000);

  test('holds new messages back while one is read, and shows them when asked', async () => {
    await page.locator('#messages-list details').nth(1).locator('summary').click();
    const before = await times();
    await publish({ solarPower: 201 });
    await publish({ solarPower: 202 });
    const button = page.locator('[data-show-messages]');
    await page.getByText('2 new').waitFor({ timeout: 15_000 });
    expect(await times()).toEqual(before);
    await button.click();
    await page.getByText('"solarPower": 202').first().waitFor({ timeout: 15_000 });
    expect(await button.isVisible()).toBe(false);
    await page.evaluate('scrollTo(0, 0)');
    await publish({ solarPower: 203 });
    await page.getByText('"solarPower": 203').first().waitFor({ timeout: 15_000 });
  }, 60_000);

  test('says what was refused, keeps it listed under newer messages, and dismisses it', async () => {
    await publish([{ solarPower: 1 }, { solarPower: 2, stateOfCharge: 'full' }]);
    await publish('');
    await page.getByText('2 messages not fully understood').waitFor({ timeout: 15_000 });
    for (let i = 0; i < 25; i++) await publish({ solarPower: i });
    await open();
    const list = page.locator('#not-stored');
    expect(await list.textContent()).toContain('Partly stored');
    expect(await list.textContent()).toContain('The message is empty');
    await list.locator('summary').nth(1).click();
    expect(await list.textContent()).toContain('Entry 2: stateOfCharge must be a number');
    await page.goto(`${house.url}/sources`);
    expect(await page.locator('main').textContent()).toContain('2 messages not fully understood');
    await page.goto(`${house.url}/sources/${house.source.id}/refused`);
    expect(await fitsItsWidth(page)).toBe(true);
    expect(await namelessControls(page)).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss all' }).click();
    await page.waitForURL(/\/sources\/[^/]+$/);
    expect(await page.locator('#not-stored').count()).toBe(0);
  }, 60_000);

  test('has the settings and the keys above the long list on a phone', async () => {
    await open();
    const top = async (selector: string) => (await page.locator(selector).first().boundingBox())?.y ?? Number.NaN;
    const list = await top('#last-messages');
    for (const above of ['.fold-card > summary', 'a[href$="/rotate-keys"]'])
      expect(await top(above)).toBeLessThan(list);
  });

  test('names without a space to break at fit every page at 360 px', async () => {
    const { sources } = house.app.features;
    const group = await sources.groups.create(house.viewer, { name: LONG });
    if (!group.ok) throw new Error(group.error.message);
    await publish({ solarPower: 1 });
    const renamed = await sources.service.update(house.viewer, house.source.id, {
      name: LONG,
      groupId: group.value.id,
    });
    if (!renamed.ok) throw new Error(renamed.error.message);
    const own = `/sources/${house.source.id}`;
    const ends = ['', '/edit', '/delete', '/rotate-keys', '/refused'].map((end) => own + end);
    const wide: string[] = [];
    for (const path of [
      '/',
      `/?show=source:${house.source.id}`,
      '/history',
      '/sources',
      ...ends,
      `/groups/${group.value.id}/edit`,
    ]) {
      await page.goto(house.url + path);
      if (!(await fitsItsWidth(page))) wide.push(path);
      for (const what of await cutOff(page)) wide.push(`${path} ${what}`);
    }
    expect(wide).toEqual([]);
  }, 60_000);

  test('nothing was broken', () => {
    expect(problems).toEqual([]);
  });

  test('leaves what has the focus before the bar of pages on a phone, not behind it', async () => {
    await page.setViewportSize({ width: 360, height: 640 });
    await page.goto(`${house.url}/sources/${house.source.id}/edit`);
    const hidden: string[] = [];
    const count = await page.locator('main :is(a, button, input, select, textarea, summary):visible').count();
    await page.locator('main :is(a, input):visible').first().focus();
    for (let i = 0; i < count; i++) {
      const found = await page.evaluate<string | null>(`(() => {
        const it = document.activeElement;
        const bar = document.querySelector('.tab-bar').getBoundingClientRect().top;
        return it.closest('main') && it.getBoundingClientRect().bottom > bar ? it.outerHTML.slice(0, 80) : null;
      })()`);
      if (found) hidden.push(found);
      await page.keyboard.press('Tab');
    }
    expect(count).toBeGreaterThan(5);
    expect(hidden).toEqual([]);
  }, 30_000);
});

/** Headings that hold more than they show, or reach out of the page. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(`
    [...document.querySelectorAll('h1, h2, h3, main a, main p, main summary, main button:not(.derived), main label')]
      .filter((e) => e.offsetParent !== null && !e.closest('#messages-list, .table-frame, .tabs') && !e.classList.contains('visually-hidden'))
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
        || (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'))
      .map((e) => e.outerHTML.slice(0, 160))`);
