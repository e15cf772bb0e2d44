import { describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import packageJson from '../package.json';

const root = join(import.meta.dir, '..');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
const unit = readFileSync(join(root, 'deploy/ampra.service'), 'utf8');

describe('the Dockerfile', () => {
  test('builds with the scripts that CI runs', () => {
    expect(dockerfile).toContain('node scripts/setup.mjs');
    const named = [...dockerfile.matchAll(/npm run (?:--silent )?(\w+)/g)].map((m) => m[1] ?? '');
    expect(named).toContain('build');
    expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });

  test('runs as an unprivileged user with one volume and a health check', () => {
    expect(dockerfile).toMatch(/^USER ampra$/m);
    expect([...dockerfile.matchAll(/^VOLUME /gm)]).toHaveLength(1);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*"ampra", "doctor", "--ready"/m);
  });

  test('copies nothing into the build that the build does not need', () => {
    const ignored = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n');
    for (const folder of ['node_modules', 'data', 'demo-data', '.git']) expect(ignored).toContain(folder);
  });
});

describe('the systemd unit', () => {
  test('starts on boot, restarts, is watched and sandboxed', () => {
    for (const line of [
      'WantedBy=multi-user.target',
      'Restart=always',
      'Type=notify',
      'WatchdogSec=60',
      'ProtectSystem=strict',
      'NoNewPrivileges=yes',
    ])
      expect(unit).toContain(line);
  });

  test.skipIf(!existsSync('/usr/bin/systemd-analyze'))(
    'is a unit that systemd understands (needs systemd-analyze)',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'ampra-unit-'));
      const file = join(folder, 'ampra.service');
      writeFileSync(file, unit.replaceAll('/usr/local/bin/ampra', '/bin/true'));
      const { stderr, exitCode } = Bun.spawnSync(['systemd-analyze', 'verify', file]);
      rmSync(folder, { recursive: true });
      expect(
        stderr
          .toString()
          .split('\n')
          .filter((line) => line.includes('ampra.service')),
      ).toEqual([]);
      expect(exitCode).toBe(0);
    },
  );
});
