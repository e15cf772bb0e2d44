import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Publisher, startPublisher } from '../ingest.ts';
import { median, quantile } from '../lib.ts';
import { startAmpra } from './ampra.ts';
import { houseReadings, METRICS, MINUTE_MS } from './readings.ts';
import { databases, startStack } from './stack.ts';
import { type Chart, rest, type System } from './system.ts';

/**
 * `npm run bench:peers`: the usual do-it-yourself stack (Mosquitto, a collector, a time-series database) beside Ampra, one
 * after the other in one run on this machine's loopback. Prints a table; it judges nobody. As root it installs the
 * others from Debian. `PEERS_YEARS=1` for a short run, `npm run bench:peers -- ampra victoria` for some of them.
 */
const packages = {
  mosquitto: '/usr/sbin/mosquitto',
  influxdb: '/usr/bin/influxd',
  'victoria-metrics': '/usr/bin/victoria-metrics',
};
const DEVICES = 4;
const MESSAGES = 10_000;
const ROUNDS = 3;
const RUNS = 20;
const YEARS = Number(process.env.PEERS_YEARS ?? 10);
const END = Date.UTC(2026, 0, 1);
const FIRST = END - YEARS * 365 * 86_400_000;
/** Messages of the ingest part, a day apart from each other and after the ten years. */
const INGEST = Date.UTC(2026, 1, 1);

const charts: Chart[] = [
  { name: 'a day by minute', days: 1, stepSeconds: 60 },
  { name: 'a year by day', days: 365, stepSeconds: 86_400 },
  { name: 'ten years by week', days: YEARS * 365, stepSeconds: 7 * 86_400 },
];

const systems: Record<string, () => Promise<System>> = {
  ampra: () => startAmpra(DEVICES),
  ...Object.fromEntries(databases.map((kind) => [kind.name, () => startStack(kind, DEVICES)])),
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in systems));
if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}, but ${Object.keys(systems).join(', ')}.`);

installPackages();
const table: Record<string, Record<string, string>> = {};
const publisher = await startPublisher();
try {
  for (const [name, start] of Object.entries(systems)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const system = await start();
    console.log(system.name);
    try {
      table[system.name] = await measure(system, publisher);
    } finally {
      await system.stop();
    }
  }
} finally {
  await publisher.stop();
}
print(table);

async function measure(system: System, publisher: Publisher): Promise<Record<string, string>> {
  const rows: Record<string, string> = { 'an acknowledgement means': system.acknowledged };
  const add = (name: string, value: number, unit: string) => {
    rows[name] = `${value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)} ${unit}`;
    console.log(`  ${name}: ${rows[name]}`);
  };
  const rates = await ingest(system, publisher);
  add('acknowledged at QoS 1', median(rates.acknowledged), 'readings/s');
  add('in the database', median(rates.stored), 'readings/s');
  add('processor time until there', median(rates.processor), 'µs a reading');
  const readings = (END - FIRST) / MINUTE_MS;
  const before = system.diskBytes();
  const worked = system.processorSeconds();
  const begun = performance.now();
  await system.importHouse(houseReadings(FIRST, END));
  add('bulk import', (readings * METRICS.length) / ((performance.now() - begun) / 1000), 'values/s');
  await rest(system);
  add(
    'bulk import until at rest, processor time',
    ((system.processorSeconds() - worked) / readings) * 1e6,
    'µs a reading',
  );
  add('on disk a reading of ten metrics', (system.diskBytes() - before) / readings, 'bytes');
  for (const chart of charts) {
    const { first, times } = await ask(system, chart);
    add(`${chart.name}, first`, first, 'ms');
    add(`${chart.name}, median`, median(times), 'ms');
    add(`${chart.name}, p95`, quantile(times, 0.95), 'ms');
  }
  add('resident memory', system.residentBytes() / 1e6, 'MB');
  return rows;
}

async function ingest(system: System, publisher: Publisher) {
  const rates = { acknowledged: [] as number[], stored: [] as number[], processor: [] as number[] };
  for (let round = 0; round <= ROUNDS; round++) {
    const firstTime = INGEST + round * 86_400_000;
    const begun = performance.now();
    const worked = system.processorSeconds();
    const order = { url: system.mqttUrl, clients: system.clients, messages: MESSAGES, inflight: 500, firstTime };
    const report = await publisher.publish({ ...order, payload: 'ten' });
    if (report.failed > 0) throw new Error(`${report.failed} messages were not acknowledged`);
    const untilAcknowledged = performance.now();
    await system.waitUntilStored(firstTime, MESSAGES);
    if (round === 0) continue;
    rates.acknowledged.push(report.acknowledged / report.seconds);
    // Connecting is not counted: the time after the last acknowledgement comes on top of the publishing.
    rates.stored.push(report.acknowledged / (report.seconds + (performance.now() - untilAcknowledged) / 1000));
    rates.processor.push(((system.processorSeconds() - worked) / report.acknowledged) * 1e6);
    console.log(`    round ${round} after ${Math.round(performance.now() - begun)} ms`);
  }
  return rates;
}

async function ask(system: System, chart: Chart): Promise<{ first: number; times: number[] }> {
  const times: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    // Another end each time, as pages that are opened later have: nobody answers from what was asked just before.
    const to = END - run * 7 * MINUTE_MS * 60;
    const begun = performance.now();
    const points = await system.chart(chart, to);
    times.push(performance.now() - begun);
    const expected = (chart.days * 86_400) / chart.stepSeconds;
    if (points < 0.9 * expected - 10) throw new Error(`${chart.name}: ${points} of ${expected} points came`);
  }
  return { first: times[0] ?? Number.NaN, times: times.slice(1) };
}

function print(table: Record<string, Record<string, string>>): void {
  const names = Object.keys(table);
  const rows = Object.keys(table[names[0] ?? ''] ?? {});
  console.log(`\n| ${['', ...names].join(' | ')} |\n|${'---|'.repeat(names.length + 1)}`);
  for (const row of rows) console.log(`| ${[row, ...names.map((name) => table[name]?.[row] ?? '-')].join(' | ')} |`);
}

function installPackages(): void {
  const missing = Object.entries(packages).filter(([, path]) => !existsSync(path));
  if (missing.length === 0) return;
  const names = missing.map(([name]) => name);
  if (process.getuid?.() !== 0) {
    console.error(`Not installed: ${names.join(', ')}. As root on Debian: apt-get install ${names.join(' ')}`);
    process.exit(1);
  }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
  // Nobody's service is started: this machine may run Ampra on the same ports.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { env, stdio: 'inherit' });
}
