import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type LineProblem, readingsIn } from '../../../src/admin/import-readings.ts';
import { csvHeader, linesOf, readingLine } from '../../../src/admin/reading-file.ts';
import { findMetric, metrics } from '../../../src/core/metrics.ts';
import type { MetricValues } from '../../../src/core/reading.ts';
import { AmpraError } from '../../../src/core/result.ts';
import { readConfig, type SettingName, settings } from '../../../src/platform/config.ts';
import { tarHeader, tarOf } from '../../../src/platform/tar.ts';
import { tempDir } from '../../../src/testing/app.ts';
import { restoreNow } from '../../../src/testing/backups.ts';
import { hostileJson, hostileNumber, hostileText, runsOf } from '../../../src/testing/hostile.ts';

/** Files and settings that somebody wrote, or damaged: read, or refused with a sentence that names what is wrong. */
setDefaultTimeout(3_600_000);

let dir: string;
beforeAll(() => {
  dir = tempDir();
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a file of readings', () => {
  const now = Date.UTC(2026, 5, 21, 10);

  async function read(text: string | Uint8Array, format: 'csv' | 'ndjson') {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    const problems: LineProblem[] = [];
    const onProblem = (problem: LineProblem) => void problems.push(problem);
    // In pieces of a few bytes, as a slow pipe would bring it.
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
    };
    const options = { format, sourceId: 's', timeZone: 'Europe/Berlin', now, onProblem };
    const readings = await Array.fromAsync(readingsIn(linesOf(pieces()), options));
    return { readings, problems };
  }

  function expectSound({ readings, problems }: Awaited<ReturnType<typeof read>>): void {
    for (const { time, values } of readings) {
      expect(time).toBeWithin(Date.UTC(2010, 0, 1), now + 300_001);
      for (const [name, value] of Object.entries(values)) {
        const metric = findMetric(name);
        expect(metric?.name).toBe(name as never);
        if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
      }
    }
    for (const { line, message } of problems) {
      expect(line).toBeGreaterThan(0);
      expect(message.length).toBeGreaterThan(3);
    }
  }

  const column = fc.oneof(fc.constantFrom('timestamp', 'time', ...metrics.map(({ name }) => name)), hostileText);
  const cell = fc.oneof(
    hostileText,
    hostileNumber.map(String),
    fc.constantFrom('2026-06-21T09:00:00Z', '1782036000', '21.06.2026 09:00', '1200'),
  );
  const row = fc.array(cell, { maxLength: 6 });
  const separator = fc.constantFrom(',', ';', '\t', '|');
  const quote = fc.constantFrom('', '"');

  test('of any columns and cells is taken where it is sound, and named by its lines where it is not', async () => {
    const file = fc.tuple(
      fc.array(column, { maxLength: 6 }),
      fc.array(row, { maxLength: 8 }),
      separator,
      quote,
      fc.constantFrom('\n', '\r\n'),
    );
    const property = fc.asyncProperty(file, async ([columns, rows, by, q, end]) => {
      const lines = [columns, ...rows].map((cells) => cells.map((one) => q + one + q).join(by));
      expectSound(await read(lines.join(end), 'csv'));
    });
    await fc.assert(property, runsOf('CSV files', 200));
  });

  test('of any JSON, one a line, neither; nor of any bytes', async () => {
    const object = fc.dictionary(column, fc.oneof(hostileJson, cell), { maxKeys: 6 });
    const line = fc.oneof(
      object.map((one) => JSON.stringify(one)),
      hostileJson.map((one) => JSON.stringify(one) ?? ''),
      hostileText,
    );
    const property = fc.asyncProperty(
      fc.array(line, { maxLength: 8 }),
      fc.uint8Array({ maxLength: 400 }),
      async (lines, bytes) => {
        expectSound(await read(lines.join('\n'), 'ndjson'));
        expectSound(await read(bytes, 'ndjson'));
        expectSound(await read(bytes, 'csv'));
      },
    );
    await fc.assert(property, runsOf('NDJSON files and bytes', 200));
  });

  test('that Ampra wrote is read again as it was, and no cell of it is a formula', async () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .map((one) => one.trim().normalize('NFC'))
      .filter((one) => one !== '');
    const values = fc.record({
      solarPower: fc.double({ min: 0, max: 9000, noNaN: true }),
      operatingMode: fc.oneof(text, fc.constantFrom('=1+1', '+A1', '-A1', '@x', "'=1")),
    });
    const columns = ['solarPower', 'operatingMode'] as const;
    const property = fc.asyncProperty(
      values,
      fc.constantFrom('csv' as const, 'ndjson' as const),
      async (one, format) => {
        const line = readingLine({ time: now, values: one as MetricValues }, format, columns);
        // The time and the power before it hold no comma; a text may.
        if (format === 'csv') expect(line.split(',').slice(2).join(',')).not.toMatch(/^"?[=+@-]/);
        const file = (format === 'csv' ? csvHeader(columns) : '') + line;
        const { readings } = await read(file, format);
        expect(readings[0]?.values.solarPower).toBe(one.solarPower);
        expect(readings[0]?.values.operatingMode).toBe(one.operatingMode);
      },
    );
    await fc.assert(property, runsOf('written and read again', 100));
  });

  test('whose only line never ends is refused before it fills the memory', async () => {
    const endless = async function* () {
      for (let i = 0; i < 200; i++) yield new TextEncoder().encode('x'.repeat(1024 * 1024));
    };
    const options = { format: 'csv' as const, sourceId: 's', timeZone: 'UTC', now, onProblem: () => undefined };
    await expect(Array.fromAsync(readingsIn(linesOf(endless()), options))).rejects.toBeInstanceOf(AmpraError);
  });
});

describe('the configuration', () => {
  const names = Object.keys(settings) as SettingName[];
  const name = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<string>(...names) },
    { weight: 1, arbitrary: hostileText },
  );
  const likely = fc.constantFrom<unknown>(
    '8080',
    0,
    '65536',
    'off',
    'local',
    'files',
    'open',
    'true',
    '/x',
    '',
    'smtp://a:b@c',
    'https://x.y',
  );
  const value = fc.oneof(likely, hostileJson, hostileText);

  test('of any values from file, environment and flags is read, or every problem is named', () => {
    const from = fc.record({
      file: fc.dictionary(name, value, { maxKeys: 6 }),
      env: fc.dictionary(name, hostileText, { maxKeys: 4 }),
      flags: fc.dictionary(name, hostileText, { maxKeys: 4 }),
    });
    fc.assert(
      fc.property(from, ({ file, env, flags }) => {
        const byName = Object.fromEntries(
          Object.entries(env).map(([key, text]) => [
            Object.hasOwn(settings, key) ? settings[key as SettingName].env : `AMPRA_${key}`,
            text,
          ]),
        );
        const read = readConfig({
          file: { path: 'ampra.config.ts', values: file },
          env: byName,
          flags,
          defaultDataDir: '/tmp/ampra-none',
        });
        if (read.ok) {
          expect(Object.keys(read.config).sort()).toEqual([...names].sort());
          for (const port of [read.config.httpPort, read.config.mqttPort]) expect(port).toBeWithin(0, 65_536);
        } else
          for (const { message, from: where } of read.problems)
            expect(message.length + where.length).toBeGreaterThan(8);
      }),
      runsOf('configurations', 400),
    );
  });
});

describe('a backup', () => {
  const files = { 'forms.key': 'rows'.repeat(300), 'images/a.webp': 'picture', 'journal/1.log': 'x'.repeat(2000) };
  const whole = Buffer.from(archive(Object.entries(files)));

  function archive(
    entries: readonly (readonly [string, string])[],
    change = (manifest: object): unknown => manifest,
  ): Uint8Array {
    const list = entries.map(([name, text]) => ({ name, bytes: new TextEncoder().encode(text) }));
    const described = list.map(({ name, bytes }) => ({
      name,
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }));
    const manifest = change({ format: 1, version: '0.1.0', createdAt: '2026-06-21T10:00:00.000Z', files: described });
    return tarOf(
      [{ name: 'manifest.json', bytes: new TextEncoder().encode(JSON.stringify(manifest) ?? '') }, ...list],
      0,
    );
  }

  /** Restores over an Ampra that is there; it must be whole afterwards, or untouched. */
  async function restore(bytes: Uint8Array): Promise<void> {
    const target = join(dir, 'house', 'data');
    rmSync(join(dir, 'house'), { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'ampra.db'), 'mine');
    writeFileSync(join(dir, 'backup.tar'), bytes);
    const outcome = await restoreNow({ file: join(dir, 'backup.tar'), dataDir: target }).then(
      () => 'restored',
      (error: unknown) => error,
    );
    expect(readdirSync(join(dir, 'house'))).toEqual(['data']);
    if (outcome === 'restored') return;
    expect(outcome).toBeInstanceOf(AmpraError);
    expect((outcome as AmpraError).refusal.code).toBe('invalid');
    expect(readdirSync(target)).toEqual(['ampra.db']);
    expect(readFileSync(join(target, 'ampra.db'), 'utf8')).toBe('mine');
  }

  test('that is damaged anywhere is refused, or what it brings fits its checksums', async () => {
    const hit = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    const property = fc.asyncProperty(fc.array(hit, { maxLength: 5 }), fc.nat(whole.length), async (hits, length) => {
      const bytes = Buffer.from(whole.subarray(0, length % 3 === 0 ? length : whole.length));
      for (const { at, byte } of hits) if (at < bytes.length) bytes[at] = byte;
      await restore(bytes);
    });
    await fc.assert(property, runsOf('damaged backups', 80));
  });

  test('whose headers were written by somebody else, links and folders among them, brings nothing outside', async () => {
    const name = fc.oneof(
      fc.constantFrom('../x', '/tmp/x', 'a/../../x', 'ampra.db', 'lock.db', 'link'),
      hostileText.map((text) => text.slice(0, 20)),
    );
    const property = fc.asyncProperty(
      name,
      fc.constantFrom(...'0123456gxLK'),
      fc.nat(3000),
      async (called, type, size) => {
        const header = Buffer.from(tarHeader('x', size, 0));
        header.fill(0, 0, 100);
        header.write(called.slice(0, 30), 0);
        header.write(type, 156);
        header.write('/etc/passwd', 157);
        header.write('        ', 148);
        header.write(
          `${header
            .reduce((a, b) => a + b, 0)
            .toString(8)
            .padStart(6, '0')}\0 `,
          148,
        );
        const start = 512 + 512 * Math.ceil(Number.parseInt(whole.toString('latin1', 124, 135), 8) / 512);
        await restore(Buffer.concat([whole.subarray(0, start), header, whole.subarray(start + 512)]));
        await restore(Buffer.concat([header, whole]));
      },
    );
    await fc.assert(property, runsOf('backups with strange headers', 60));
    expect(existsSync('/tmp/x')).toBe(false);
  });

  test('with any manifest is refused, or restored whole', async () => {
    const field = fc.constantFrom('format', 'version', 'createdAt', 'files');
    const file = fc.record({ name: hostileText, size: hostileNumber, sha256: hostileText });
    const property = fc.asyncProperty(
      field,
      fc.oneof(hostileJson, fc.array(file, { maxLength: 3 })),
      async (which, value) => {
        await restore(archive(Object.entries(files), (manifest) => ({ ...manifest, [which]: value })));
      },
    );
    await fc.assert(property, runsOf('manifests', 60));
  });
});
