import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt from 'mqtt';
import type { Browser, Page } from 'playwright-core';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';
import { browserIsMissing, fitsItsWidth, launchBrowser, namelessControls } from './house.ts';

describe.skipIf(browserIsMissing)('the first visit in a browser', () => {
  let app: TestApp;
  let browser: Browser;
  let page: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    app = await startTestApp();
    browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      timezoneId: 'Asia/Kathmandu',
      locale: 'en-GB',
    });
    page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await app?.dispose();
  });

  const next = () => Promise.all([page.waitForNavigation(), page.locator('main .form-actions button').first().click()]);

  test('leads from any page to the set-up, and asks no code on the machine itself', async () => {
    await page.goto(`${app.url}/history`);
    expect(new URL(page.url()).pathname).toStartWith('/setup');
    expect(await page.locator('input[name=code]').count()).toBe(0);
    expect(await fitsItsWidth(page)).toBe(true);
    expect(await namelessControls(page)).toEqual([]);
  });

  test('says what is wrong with a short password and keeps what was typed', async () => {
    await page.fill('input[name=name]', 'Grace');
    await page.fill('input[name=email]', 'grace@example.org');
    await page.locator('input[name=password]').evaluate((input) => input.removeAttribute('minlength'));
    await page.fill('input[name=password]', 'short');
    await next();
    expect(await page.locator('main').textContent()).toContain('10');
    expect(await page.inputValue('input[name=email]')).toBe('grace@example.org');
  });

  test('makes the Overseer, then asks for the place with the browser’s time zone proposed', async () => {
    await page.fill('input[name=password]', 'a roof full of sunshine');
    await next();
    expect(await page.locator('[name=timeZone]').inputValue()).toBe('Asia/Kathmandu');
    await page.fill('input[name=name]', 'Hill house');
    await page.fill('input[name=latitude]', '277');
    await page.fill('input[name=longitude]', '85.3');
    await next();
    expect(await page.locator('input[name=latitude]:focus').count()).toBe(1);
    // As a map gives it, both at once.
    await page.fill('input[name=latitude]', '');
    await page.fill('input[name=longitude]', '');
    const paste = (text: string) =>
      page.evaluate(`{
        const clipboardData = new DataTransfer();
        clipboardData.setData('text', ${JSON.stringify(text)});
        const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
        document.getElementsByName('latitude')[0].dispatchEvent(paste);
      }`);
    await paste('(-12.046, \u221277.043)');
    expect(await page.inputValue('input[name=latitude]')).toBe('-12.046');
    expect(await page.inputValue('input[name=longitude]')).toBe('-77.043');
    await paste('27.7, 85.3');
    expect(await page.inputValue('input[name=latitude]')).toBe('27.7');
    expect(await page.inputValue('input[name=longitude]')).toBe('85.3');
    expect(await fitsItsWidth(page)).toBe(true);
    await next();
  });

  test('goes on where it stopped when the Live page is opened in its midst', async () => {
    await page.goto(`${app.url}/`);
    expect(new URL(page.url()).pathname).toBe('/setup/source');
  });

  test('makes the first source, shows its login once, and the house comes alive', async () => {
    await page.fill('input[name=name]', 'Roof');
    await next();
    const text = (await page.locator('main').textContent()) ?? '';
    const inputs = await page
      .locator('main input')
      .evaluateAll((all) => all.map((i) => (i as unknown as { value: string }).value));
    const shown = `${text} ${inputs.join(' ')}`;
    const apiKey = /\b[0-9a-f]{64}\b/.exec(shown)?.[0] ?? '';
    const id = /ampra\/([0-9a-f-]{36})\/telemetry/.exec(shown)?.[1] ?? '';
    expect(apiKey).toHaveLength(64);
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${app.features.broker.ports().tcp}`, {
      username: id,
      password: apiKey,
    });
    await client.publishAsync(`ampra/${id}/telemetry`, JSON.stringify({ solarPower: 2140, loadPower: 300 }), {
      qos: 1,
    });
    await client.endAsync();
    await page.goto(`${app.url}/`);
    await page.getByText('2.14').first().waitFor({ timeout: 15_000 });
    // The browser reports the refused password as a failed load.
    expect(problems.filter((text) => !text.includes('400'))).toEqual([]);
  });

  test('never opens the set-up again, for the owner or for a stranger', async () => {
    await page.goto(`${app.url}/setup`);
    expect(new URL(page.url()).pathname).not.toStartWith('/setup');
    const stranger = await (await browser.newContext()).newPage();
    await stranger.goto(`${app.url}/setup`);
    expect(new URL(stranger.url()).pathname).not.toStartWith('/setup');
    await stranger.context().close();
  });
});
