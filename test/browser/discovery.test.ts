import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { unwrap } from '../../src/core/result.ts';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';
import { browserIsMissing, fitsItsWidth, launchBrowser, namelessControls } from './house.ts';

const owner = { email: 'ada@example.org', password: 'a long enough test password' };
const phone = { viewport: { width: 360, height: 740 }, locale: 'en-GB', timezoneId: 'Asia/Tokyo' } as const;

describe.skipIf(browserIsMissing)('from an unknown device to the live page', () => {
  let app: TestApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let device: MqttClient;
  const problems: string[] = [];

  beforeAll(async () => {
    app = await startTestApp({ config: { mqttAccess: 'open' } });
    const user = unwrap(await app.features.accounts.service.addUser({ ...owner, role: 'overseer' }));
    const place = { latitude: 38.72, longitude: -9.14, timeZone: 'Europe/Lisbon' };
    const viewer = viewerOf(user, { kind: 'system' });
    unwrap(await app.features.sources.service.create(viewer, { name: 'Roof', connectionType: 'mqtt', ...place }));
    browser = await launchBrowser();
    context = await browser.newContext(phone);
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.goto(`${app.url}/login`);
    await page.fill('input[name=email]', owner.email);
    await page.fill('input[name=password]', owner.password);
    await Promise.all([page.waitForURL((to) => !to.pathname.startsWith('/login')), page.keyboard.press('Enter')]);
    device = await mqtt.connectAsync(`mqtt://127.0.0.1:${app.features.broker.ports().tcp}`);
  }, 60_000);

  afterAll(async () => {
    await device?.endAsync();
    await browser?.close();
    await app?.dispose();
  });

  test('the page is reached from Sources and appears by itself when a device speaks', async () => {
    await page.goto(`${app.url}/sources`);
    await page.getByRole('link', { name: 'Discover devices' }).click();
    await page.waitForURL('**/sources/discover');
    await page.getByText('Nothing was heard').waitFor();
    await device.publishAsync('solar_assistant/inverter_1/pv_power/state', '1840', { qos: 1 });
    await device.publishAsync('solar_assistant/inverter_1/load_power/state', '620', { qos: 1 });
    await page.getByText('SolarAssistant').first().waitFor({ timeout: 15_000 });
    expect(await page.locator('[data-metric=solarPower] dd').textContent()).toContain('1.84');
    expect(await fitsItsWidth(page)).toBe(true);
    expect(await namelessControls(page)).toEqual([]);
  }, 60_000);

  test('one button adds it, and the house lives', async () => {
    await page.getByRole('button', { name: /^Add Solar assistant/ }).click();
    await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
    await app.features.ingest.claims.settled();
    await device.publishAsync('solar_assistant/inverter_1/pv_power/state', '2140', { qos: 1 });
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    expect(app.features.telemetry.reader.latest(id)?.values).toMatchObject({ solarPower: 2140, loadPower: 620 });
    await page.goto(`${app.url}/`);
    await page.getByText('2.14').first().waitFor({ timeout: 15_000 });
  }, 60_000);

  test('a device that nobody knows gets a mapping, seen while it is typed', async () => {
    await device.publishAsync('garden/box/values', '{"pv":{"kw":0.75}}', { qos: 1 });
    await page.goto(`${app.url}/sources/discover`);
    await page.getByRole('link', { name: 'Change how Box is added' }).click();
    await page.getByRole('button', { name: 'Add it' }).click();
    await page.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
    await app.features.ingest.claims.settled();
    const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await page.goto(`${app.url}/sources/${id}/mapping`);
    await page.getByRole('button', { name: 'A line for pv.kw of garden/box/values' }).click();
    await page.waitForLoadState();
    expect(await page.inputValue('[name=path-0]')).toBe('pv.kw');
    await page.selectOption('[name=metric-0]', 'solarPower');
    await page.selectOption('[name=unit-0]', 'kW');
    await page.locator('[data-becomes=solarPower]').getByText('750').waitFor({ timeout: 15_000 });
    expect(await fitsItsWidth(page)).toBe(true);
    expect(await namelessControls(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep this mapping' }).click();
    await page.getByText('Kept. It counts from now on').waitFor();
    await app.features.ingest.mappings.settled();
    expect(app.features.telemetry.reader.latest(id)?.values.solarPower).toBe(750);
    expect(app.features.ingest.quarantine.newestOf(id, 5)).toEqual([]);
  }, 40_000);

  test('what somebody opened stays open while more is heard', async () => {
    await device.publishAsync('tele/dryer/SENSOR', '{"ENERGY":{"Power":900,"Today":1.2}}', { qos: 1 });
    await page.goto(`${app.url}/sources/discover`);
    const card = page.locator('section', { has: page.getByRole('heading', { name: 'Dryer' }) });
    await card.getByText('Its newest message').click();
    await card.locator('.device-sample').waitFor();
    await device.publishAsync('tele/dryer/SENSOR', '{"ENERGY":{"Power":1740,"Today":1.3}}', { qos: 1 });
    await card.locator('.device-sample').getByText('1740').waitFor({ timeout: 15_000 });
    expect(await card.locator('details[open]').count()).toBe(1);
  }, 40_000);

  test('works without scripts, in the dark', async () => {
    const plain = await browser.newContext({
      ...phone,
      javaScriptEnabled: false,
      colorScheme: 'dark',
      storageState: await context.storageState(),
    });
    const bare = await plain.newPage();
    await device.publishAsync('tele/washer/SENSOR', '{"ENERGY":{"Power":140,"Today":1.2}}', { qos: 1 });
    await bare.goto(`${app.url}/sources/discover`);
    await bare.getByRole('button', { name: /^Add Washer/ }).click();
    await bare.waitForURL(/\/sources\/[0-9a-f-]{36}$/);
    await bare.goto(`${bare.url()}/balance`);
    await bare.getByRole('button', { name: 'Check now' }).click();
    await bare.getByText('Do the figures add up?').waitFor();
    await plain.close();
  }, 60_000);

  test('nothing went wrong in the console', () => {
    expect(problems).toEqual([]);
  });
});
