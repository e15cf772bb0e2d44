import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataDir } from './platform/data-dir.ts';
import { startTestApp, tempDir } from './testing/app.ts';

/** The appliance as a whole: what it does when a part of it is broken. */
const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

function folder(): string {
  const dir = tempDir();
  dirs.push(dir);
  return dir;
}

const ready = async (url: string | null) => {
  const answer = await fetch(`${url}/readyz`);
  return {
    status: answer.status,
    body: (await answer.json()) as { status: string; parts: { part: string; message?: string }[] },
  };
};

describe('the appliance', () => {
  test('is ready on an empty folder, within 1.5 s, and its folder is closed to others', async () => {
    const dataDir = join(folder(), 'data');
    const began = performance.now();
    await using app = await startTestApp({ dataDir });
    expect(performance.now() - began).toBeLessThan(1500);
    expect((await ready(app.url)).status).toBe(200);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    expect(() => openDataDir(dataDir)).toThrow(`process ${process.pid}`);
  });

  test('with a damaged telemetry file: pages come up and name it, the file stays as it is, the rest works', async () => {
    const dataDir = folder();
    const damage = 'not a database '.repeat(4000);
    writeFileSync(join(dataDir, 'telemetry.duckdb'), damage);
    {
      await using app = await startTestApp({ dataDir });
      const { status, body } = await ready(app.url);
      expect(status).toBe(503);
      expect(body.status).toBe('broken');
      const part = body.parts.find((p) => p.part === 'telemetry database');
      expect(part?.message).toContain('left untouched');
      expect((await fetch(`${app.url}/setup`)).status).toBe(200);
      expect(app.features.broker.ports().tcp).toBeGreaterThan(0);
      expect(body.parts.map((p) => p.part)).toEqual(['telemetry database']);
    }
    expect(readFileSync(join(dataDir, 'telemetry.duckdb'), 'utf8')).toBe(damage);
    expect(existsSync(join(dataDir, 'telemetry.duckdb.wal'))).toBe(false);
  });

  test('with a damaged relational file: a page says what is broken, what was kept and what to do', async () => {
    const dataDir = folder();
    const damage = 'not a database either '.repeat(1000);
    writeFileSync(join(dataDir, 'ampra.db'), damage);
    {
      await using app = await startTestApp({ dataDir });
      const { status, body } = await ready(app.url);
      expect(status).toBe(503);
      expect(body.parts[0]?.part).toBe('relational database');
      const page = await fetch(`${app.url}/`);
      expect(page.status).toBe(503);
      const text = await page.text();
      expect(text).toContain('relational database');
      expect(text).toContain('restore FILE --force');
      expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
    }
    expect(readFileSync(join(dataDir, 'ampra.db'), 'utf8')).toBe(damage);
  });

  test('with a taken MQTT port: the pages name it', async () => {
    const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    try {
      await using app = await startTestApp({ config: { mqttPort: other.port } });
      const { status, body } = await ready(app.url);
      expect(status).toBe(503);
      expect(JSON.stringify(body)).toContain(String(other.port));
      expect((await fetch(`${app.url}/setup`)).status).toBe(200);
    } finally {
      other.stop(true);
    }
  });

  test('with a taken web port: the pages come up on the next free one and say so', async () => {
    const other = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    try {
      await using app = await startTestApp({ config: { httpPort: other.port } });
      expect(app.url).not.toContain(`:${other.port}`);
      const { status, body } = await ready(app.url);
      expect(status).toBe(503);
      expect(body.parts[0]?.message).toContain('taken by another program');
    } finally {
      other.stop(true);
    }
  });

  test('starts again and again on the same folder', async () => {
    const dataDir = folder();
    for (let i = 0; i < 3; i++) {
      await using app = await startTestApp({ dataDir });
      expect(app.isReady()).toBe(true);
    }
  });

  test('serves its pages over TLS with the house certificate, and stands in with it for a missing one', async () => {
    await using app = await startTestApp({ config: { tls: 'local', mqttTlsPort: 0 } });
    expect(app.url).toStartWith('https://');
    const ca = app.base.tls?.authority ?? '';
    expect((await fetch(`${app.url}/healthz`, { tls: { ca } })).status).toBe(200);
    await using second = await startTestApp({
      config: {
        tls: 'files',
        tlsCertFile: '/nonexistent/cert.pem',
        tlsKeyFile: '/nonexistent/key.pem',
        mqttTlsPort: 0,
      },
    });
    expect(second.url).toStartWith('https://');
    const broken = second.health().find((p) => p.part === 'certificate');
    expect(broken?.message).toContain('/nonexistent/cert.pem');
  });
});

describe('/metrics', () => {
  test('is for the house only, and in the format of Prometheus', async () => {
    await using app = await startTestApp();
    const text = await (await fetch(`${app.url}/metrics`)).text();
    expect(text).toContain('# TYPE ampra_resident_memory_bytes gauge');
    expect(text).toContain('ampra_part_ok{part="telemetry"} 1');
    const throughAnUntrustedProxy = await fetch(`${app.url}/metrics`, { headers: { 'X-Forwarded-For': '10.0.0.9' } });
    expect(throughAnUntrustedProxy.status).toBe(404);
  });
});
