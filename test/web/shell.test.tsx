import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { browserIsMissing, SteadyBrowser } from '../../src/testing/browser.ts';
import { renderPage } from '../../src/web/page.tsx';
import { testViewer, testWeb } from '../../src/web/testing.ts';
import { EmptyState } from '../../views/parts/index.ts';
import { Gallery } from './gallery.tsx';

/**
 * The shell in a real browser. `AMPRA_SHOTS=<folder>` also keeps pictures of every part, to be looked at.
 */
const shots = process.env.AMPRA_SHOTS;

let value = 0;
function makeWeb() {
  const web = testWeb({ '': testViewer({ role: 'overseer' }) });
  web.routes.page('get', '/gallery', 'user', (c) =>
    renderPage(c, { title: 'Sources', lead: 'What measures in this house.', active: 'sources' }, <Gallery />),
  );
  web.routes.page('get', '/watch', 'user', (c) =>
    renderPage(
      c,
      { title: 'Watch', active: 'live' },
      <div id="live" hx-sse:connect="/watch/events" hx-swap="innerMorph">
        <output id="value">first</output>
      </div>,
    ),
  );
  web.routes.page('get', '/watch/events', 'user', (c) =>
    web.routes.events.stream(c, {
      topics: ['value'],
      minIntervalMs: 1,
      render: () => <output id="value">{value}</output>,
    }),
  );
  web.routes.page('get', '/wizard', 'public', (c) =>
    renderPage(c, { title: 'Welcome', width: 'bare' }, <EmptyState title="Nothing yet" />),
  );
  return web;
}

let web = makeWeb();
let server: Bun.Server<undefined>;
const browser = new SteadyBrowser();

function serve(port = 0) {
  return Bun.serve({ port, hostname: '127.0.0.1', idleTimeout: 0, fetch: (r) => web.fetch(r, '127.0.0.1') });
}

/** Ends what is served. Not waited for: the promise also waits for streams that a browser has not let go of yet. */
function cutOff(): void {
  web.stop();
  void server.stop(true);
}

/** Serves the same address again, as soon as the system gives its port back. */
async function serveAgain(port: number): Promise<void> {
  web = makeWeb();
  for (const end = Date.now() + 10_000; ; await Bun.sleep(20)) {
    try {
      server = serve(port);
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function open(
  path: string,
  options: { width?: number; dark?: boolean } = {},
): Promise<{ page: Page; said: string[] }> {
  const page = await browser.page({
    viewport: { width: options.width ?? 1280, height: options.width === 360 ? 740 : 800 },
    colorScheme: options.dark ? 'dark' : 'light',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const said: string[] = [];
  page.on('console', (m) => /error|warning/.test(m.type()) && said.push(m.text()));
  page.on('pageerror', (e) => said.push(e.message));
  await page.goto(`http://127.0.0.1:${server.port}${path}`);
  return { page, said };
}

describe.skipIf(browserIsMissing)('in a browser', () => {
  beforeAll(() => {
    server = serve();
  });
  afterAll(async () => {
    await browser.close();
    cutOff();
  });

  for (const width of [360, 1280])
    for (const dark of [false, true])
      test(`every part fits ${width} px, ${dark ? 'dark' : 'light'}, and nothing breaks the policy`, async () => {
        const { page, said } = await open('/gallery', { width, dark });
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
        expect(said).toEqual([]);
        if (shots) {
          mkdirSync(shots, { recursive: true });
          const path = join(shots, `parts-${width}-${dark ? 'dark' : 'light'}.png`);
          await page.screenshot({ path, fullPage: true });
        }
        await page.context().close();
      });

  test('a live page moves, says when it lost the appliance, and comes back by itself', async () => {
    const { page, said } = await open('/watch');
    await page.locator('#value', { hasText: /^0$/ }).waitFor();
    value = 41;
    web.routes.events.publish('value');
    await page.locator('#value', { hasText: /^41$/ }).waitFor();
    expect(said).toEqual([]);
    const port = server.port ?? 0;
    cutOff();
    await page.waitForSelector('#connection:not([hidden])');
    expect(await page.textContent('#connection')).toMatch(/No connection to Ampra since \d/);
    value = 42;
    await serveAgain(port);
    await page.locator('#value', { hasText: /^42$/ }).waitFor();
    expect(await page.isHidden('#connection')).toBe(true);
    await page.context().close();
  });

  test('a live page moves also where each script comes late', async () => {
    const page = await browser.page({});
    let delayMs = 0;
    await page.route(/\.js$/, async (route) => {
      delayMs += 400;
      await Bun.sleep(delayMs);
      await route.continue();
    });
    await page.goto(`http://127.0.0.1:${server.port}/watch`);
    await page.locator('#value', { hasText: String(value) }).waitFor();
    await page.context().close();
  });

  test('a dialog opens, closes with Escape and gives the focus back', async () => {
    const { page } = await open('/gallery');
    await page.click('a[data-dialog="delete"]');
    expect(await page.isVisible('#delete')).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.isVisible('#delete')).toBe(false);
    expect(await page.evaluate('document.activeElement.dataset.dialog')).toBe('delete');
    await page.context().close();
  });

  test('a secret is copied without being shown', async () => {
    const { page } = await open('/gallery');
    const button = page.getByRole('button', { name: 'Copy Password' });
    await button.click();
    await button.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('6f1c2c1e6d0b4a529d3a3f0a1f2b7c11');
    expect(await page.getAttribute('input[value^="6f1c"]', 'type')).toBe('password');
    await page.context().close();
  });

  test('the colours chosen are there at once and on the next page', async () => {
    const { page } = await open('/gallery');
    const ground = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await Promise.all([
      page.waitForResponse((r) => r.url().endsWith('/theme')),
      page.locator('.rail').getByRole('button', { name: 'Dark' }).click(),
    ]);
    expect(await ground()).not.toBe(light);
    await page.reload();
    expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
    await page.locator('.rail').getByRole('button', { name: 'Auto' }).click();
    await page.context().close();
  });

  test('on a phone the other pages are behind More, by keyboard too', async () => {
    const { page } = await open('/gallery', { width: 360 });
    await page.locator('.tab-more summary').focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.tab-sheet').getByText('System').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    expect(await page.locator('.tab-sheet').getByText('System').isVisible()).toBe(false);
    await page.context().close();
  });

  test('the first Tab leads past the navigation', async () => {
    const { page } = await open('/wizard');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent.trim()')).toBe('Skip to the page');
    await page.context().close();
  });
});
