import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Viewer } from '../../src/accounts/viewer.ts';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import type { Reading } from '../../src/core/reading.ts';
import { unwrap } from '../../src/core/result.ts';
import type { ConfigInput } from '../../src/platform/config.ts';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';

export { browserIsMissing, launchBrowser } from '../../src/testing/browser.ts';

export interface TestHouse {
  app: TestApp;
  url: string;
  mqttPort: number;
  viewer: Viewer;
  source: { id: string; apiKey: string };
  signIn(browser: Browser, options?: Parameters<Browser['newContext']>[0]): Promise<BrowserContext>;
}

const owner = { email: 'ada@example.org', password: 'a long enough test password' };
const allPages = { viewport: { width: 360, height: 740 }, locale: 'en-GB', timezoneId: 'Asia/Tokyo' } as const;

/** The real appliance with an owner and one source, whose zone is not the browser's. */
export async function startHouse(config: ConfigInput = {}): Promise<TestHouse> {
  const app = await startTestApp({ config });
  const { accounts, sources, broker } = app.features;
  const user = unwrap(await accounts.service.addUser({ ...owner, role: 'overseer' }));
  const viewer = viewerOf(user, { kind: 'system' });
  const keys = unwrap(
    await sources.service.create(viewer, {
      name: 'Roof inverter',
      connectionType: 'mqtt',
      latitude: 38.72,
      longitude: -9.14,
      timeZone: 'Europe/Lisbon',
    }),
  );
  const url = app.url;
  if (!url) throw new Error('the pages are not served');
  return {
    app,
    url,
    mqttPort: broker.ports().tcp,
    viewer,
    source: { id: keys.source.id, apiKey: keys.mqttApiKey },
    signIn: async (browser, options) => {
      const context = await browser.newContext({ ...allPages, ...options });
      const page = await context.newPage();
      await page.goto(`${url}/login`);
      await page.fill('input[name=email]', owner.email);
      await page.fill('input[name=password]', owner.password);
      await Promise.all([page.waitForURL((to) => !to.pathname.startsWith('/login')), page.keyboard.press('Enter')]);
      await page.close();
      return context;
    },
  };
}

/** A reading each five minutes, a plain day of sun each day, with a hole of three hours from `gapFrom`. */
export function* houseHistory(sourceId: string, from: number, to: number, gapFrom: number): Generator<Reading> {
  for (let time = from; time < to; time += 300_000) {
    if (time >= gapFrom && time < gapFrom + 3 * 3_600_000) continue;
    const hour = (time / 3_600_000) % 24;
    const solarPower = Math.round(Math.max(0, 3000 * Math.sin(((hour - 6) / 12) * Math.PI)));
    const loadPower = 400 + 50 * Math.round(hour % 7);
    const batteryPower = Math.max(-1500, Math.min(1500, solarPower - loadPower));
    const values = {
      solarPower,
      loadPower,
      batteryPower,
      gridPower: loadPower + batteryPower - solarPower,
      stateOfCharge: 50 + 40 * Math.sin(((hour - 9) / 24) * 2 * Math.PI),
      batteryVoltage: 51.2,
    };
    yield { sourceId, time, values };
  }
}

/** True if the page needs no sideways scrolling. */
export const fitsItsWidth = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth');

/** Controls without a name: what axe calls button-name, link-name and label. Text, because tests know no DOM types. */
export const namelessControls = (page: Page): Promise<string[]> =>
  page.evaluate(`
    [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary')]
      .filter((element) => element instanceof SVGElement || element.offsetParent !== null)
      .filter((element) => {
        const name = element.getAttribute('aria-label') || element.textContent.trim() || element.getAttribute('title');
        return !name && !(element.labels && element.labels.length > 0);
      })
      .map((element) => element.outerHTML.slice(0, 120))`);
