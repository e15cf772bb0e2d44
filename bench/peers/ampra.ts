import {
  type Appliance,
  ampra,
  api,
  createSource,
  prepareOwner,
  type SourceAccess,
  startAppliance,
} from '../appliance.ts';
import { METRICS, type Values } from './readings.ts';
import { type Chart, folderBytes, processorSecondsOf, residentBytesOf, type System } from './system.ts';

/** Ampra as it comes: broker, collector and database in one process. */
export async function startAmpra(devices: number): Promise<System> {
  const appliance = await startAppliance();
  await prepareOwner(appliance);
  const sources = await Promise.all(Array.from({ length: devices }, (_, i) => createSource(appliance, `Device ${i}`)));
  const house = await createSource(appliance, 'Ten years');
  return {
    name: 'Ampra',
    acknowledged: 'on disk (fdatasync)',
    mqttUrl: appliance.mqttUrl,
    clients: sources.map((s) => ({ topic: s.mqttTopic, username: s.id, password: s.mqttApiKey })),
    waitUntilStored: async (from, each) => {
      for (const { id } of sources) await lastReading(appliance, id, from + each - 1);
    },
    importHouse: (readings) => importCsv(appliance, house, readings),
    settle: () => Promise.resolve(),
    chart: (chart, to) => points(appliance, house, chart, to),
    diskBytes: () => folderBytes(appliance.dataDir),
    residentBytes: () => residentBytesOf(appliance.pid),
    processorSeconds: () => processorSecondsOf(appliance.pid),
    stop: async () => {
      await appliance.stop();
      appliance.remove();
    },
  };
}

async function lastReading(appliance: Appliance, sourceId: string, time: number): Promise<void> {
  const query = new URLSearchParams({ from: iso(time), to: iso(time + 1) });
  const { items } = await api<{ items: unknown[] }>(appliance, `/sources/${sourceId}/readings?${query}`);
  if (items.length !== 1) throw new Error('an acknowledged reading is not there');
}

/** The way an owner would take: `ampra import` of a CSV file, beside the running appliance. */
async function importCsv(
  appliance: Appliance,
  source: SourceAccess,
  readings: Iterable<{ time: number; values: Values }>,
): Promise<void> {
  const path = `${appliance.dataDir}-ten-years.csv`;
  const file = Bun.file(path);
  const writer = file.writer();
  writer.write(`timestamp,${METRICS.join(',')}\n`);
  let count = 0;
  for (const { time, values } of readings) {
    writer.write(`${iso(time)},${METRICS.map((m) => values[m]).join(',')}\n`);
    if (++count % 10_000 === 0) await writer.flush();
  }
  await writer.end();
  try {
    await ampra(appliance.dataDir, 'import', path, '--source', source.id);
  } finally {
    await file.delete();
  }
}

async function points(appliance: Appliance, source: SourceAccess, chart: Chart, to: number): Promise<number> {
  const query = new URLSearchParams({
    metrics: 'solarPower,loadPower,gridPower,stateOfCharge',
    from: iso(to - chart.days * 86_400_000),
    to: iso(to),
    // Steps are as long as it takes to have no more points than these: one more than there are gives the chart's own step.
    points: String(Math.ceil((chart.days * 86_400) / chart.stepSeconds) + 1),
  });
  const { times } = await api<{ times: string[] }>(appliance, `/sources/${source.id}/history?${query}`);
  return times.length;
}

const iso = (time: number): string => new Date(time).toISOString();
