import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { renderPage } from '../../src/web/page.tsx';
import { testViewer, testWeb } from '../../src/web/testing.ts';
import { Gallery } from './gallery.tsx';

const out = process.argv[2] ?? '/tmp/shots';
mkdirSync(out, { recursive: true });
const web = testWeb({ '': testViewer({ role: 'overseer' }) });
web.routes.page('get', '/gallery', 'user', (c) =>
  renderPage(c, { title: 'Sources', lead: 'What measures in this house.', active: 'sources' }, <Gallery />),
);
web.routes.page('get', '/bare', 'public', (c) => renderPage(c, { title: 'Sign in', width: 'bare' }, <Gallery />));
const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (r) => web.fetch(r, '127.0.0.1') });
const profile = mkdtempSync(join(tmpdir(), 'chrome-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
try {
  for (const [w, h] of [
    [360, 740],
    [1280, 800],
  ] as const)
    for (const scheme of ['light', 'dark'] as const) {
      const page = await browser.newPage();
      page.on('console', (m) => console.log(m.type(), m.text()));
      await page.setViewportSize({ width: w, height: h });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`http://127.0.0.1:${server.port}${process.argv[3] ?? '/gallery'}`);
      const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      if (Number(overflow) > 0) console.log('overflow', w, overflow);
      await page.screenshot({ path: `${out}/${w}-${scheme}.png`, fullPage: process.argv[4] !== 'top' });
      await page.close();
    }
} finally {
  await browser.close();
  await server.stop(true);
  rmSync(profile, { recursive: true, force: true });
}
