import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { tempDir } from '../../src/testing/app.ts';
import { backUpTo } from '../../src/testing/backups.ts';
import { browserIsMissing, fitsItsWidth, launchBrowser, startHouse, type TestHouse } from './house.ts';

setDefaultTimeout(90_000);

/** The Backups page in a browser: a file goes up in pieces, and is in the list. */
describe.skipIf(browserIsMissing)('the Backups page (needs Chromium)', () => {
  let house: TestHouse;
  let browser: Browser;
  const folder = tempDir();

  beforeAll(async () => {
    // Pieces of half a megabyte, so that there are several.
    [house, browser] = await Promise.all([startHouse({ maxBodyMb: 1 }), launchBrowser()]);
  });

  afterAll(async () => {
    await browser?.close();
    await house?.app.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test('takes a backup from the browser, piece by piece, and offers to restore it', async () => {
    const file = join(folder, 'from-elsewhere.tar');
    await backUpTo(house.app, file);
    const context = await house.signIn(browser);
    const page = await context.newPage();
    await page.goto(`${house.url}/system/backups`);
    await page.setInputFiles('input[name=file]', file);
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('It is in the list now').waitFor();
    expect(await page.getByText('checked when it is restored').count()).toBe(1);
    await page.getByRole('link', { name: /Restore/ }).click();
    await page.getByRole('heading', { name: 'Restore it' }).waitFor();
    expect(await fitsItsWidth(page)).toBe(true);
    await context.close();
  });

  test('says why a file is no backup, and stays', async () => {
    const context = await house.signIn(browser);
    const page = await context.newPage();
    await page.goto(`${house.url}/system/backups`);
    await page.setInputFiles('input[name=file]', {
      name: 'x.tar',
      mimeType: 'application/x-tar',
      buffer: Buffer.from('x'),
    });
    await page.getByRole('button', { name: 'Upload' }).click();
    await page.getByText('too small').waitFor();
    await context.close();
  });
});
