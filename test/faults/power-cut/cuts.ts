import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, startAppliance } from '../../../bench/appliance.ts';
import { postOnce, storedOf } from '../devices.ts';
import { Chance } from '../random.ts';
import { CachedDisk, type Fate, type NameOrder } from './disk.ts';
import { type Recording, record } from './recording.ts';

export interface CutSummary {
  cuts: number;
  acknowledged: number;
  lost: number;
  invented: number;
  /** What the appliance said of it, and how often. */
  said: Record<string, number>;
  problems: string[];
}

/** An answer is seen a little after it was sent; the two clocks may be read a little apart. */
const MARGIN_MS = 5;

/** A file that is touched no oftener than this in a recording has no share of its own in the moments of the cuts. */
const MOST_OF_A_TRIFLE = 10;

/** Records the appliance's life and cuts the power at `cuts` moments of it; each time the real appliance starts on what is left. */
export async function cutPower(options: { cuts: number; readingsEach: number; chance?: Chance }): Promise<CutSummary> {
  const chance = options.chance ?? new Chance();
  const recording = await record(chance, options.readingsEach);
  const summary: CutSummary = { cuts: 0, acknowledged: 0, lost: 0, invented: 0, said: {}, problems: [] };
  for (const order of ['ordered', 'loose'] as const) {
    const disk = new CachedDisk(recording.dataDir, recording.events, order);
    const byStore = [...disk.moments().values()].filter((moments) => moments.length > MOST_OF_A_TRIFLE);
    const count = Math.ceil(options.cuts / 2);
    // Every store has the same share, however often it writes.
    const chosen = Array.from({ length: count }, () => chance.of(chance.of(byStore))).sort((a, b) => a - b);
    for (const moment of chosen) {
      disk.advance(moment);
      const fate = chance.of<Fate>(['dropped', { torn: 512 }, { torn: 4096 }, { torn: 4096 }, 'kept']);
      await cutOnce({ disk, recording, moment, fate, chance, order }, summary);
    }
  }
  return summary;
}

interface Cut {
  disk: CachedDisk;
  recording: Recording;
  moment: number;
  fate: Fate;
  chance: Chance;
  order: NameOrder;
}

async function cutOnce(cut: Cut, summary: CutSummary): Promise<void> {
  const { disk, recording, moment, fate, chance, order } = cut;
  const target = mkdtempSync(join(tmpdir(), 'ampra-cut-'));
  const dataDir = join(target, 'data');
  const since = (moment - recording.preparedAt).toFixed(1);
  const when = `cut ${summary.cuts} (seed ${chance.seed}, names ${order}, cache ${JSON.stringify(fate)}, ${since} ms after set-up)`;
  summary.cuts++;
  disk.cut(dataDir, chance, fate);
  try {
    await check(dataDir, { recording, moment, when }, summary);
  } catch (error) {
    summary.problems.push(`${when}: ${error instanceof Error ? error.message : error}; ${lastLines(dataDir)}`);
    if (process.env.TEST_KEEP) return;
  }
  rmSync(target, { recursive: true, force: true });
}

async function check(
  dataDir: string,
  of: { recording: Recording; moment: number; when: string },
  summary: CutSummary,
): Promise<void> {
  const { recording, moment, when } = of;
  const appliance = await startAppliance({ dataDir, env: { NODE_ENV: 'test', AMPRA_LOG_FORMAT: 'json' } });
  try {
    if (moment > recording.preparedAt + MARGIN_MS) {
      appliance.token = recording.token;
      for (const device of recording.devices) {
        const promised = recording.acknowledgements.filter((a) => a.device === device && a.at + MARGIN_MS < moment);
        const stored = await storedOf(device, appliance);
        const times = new Set(stored.map((r) => r.time));
        const lost = promised.filter((a) => !times.has(a.time));
        const { invented } = device.ledger.compare(stored);
        summary.acknowledged += promised.length;
        summary.lost += lost.length;
        summary.invented += invented.length;
        if (lost.length > 0) summary.problems.push(`${when}: ${lost.length} readings of ${device.name} are lost`);
        if (invented.length > 0)
          summary.problems.push(`${when}: ${invented.length} readings of ${device.name} are invented`);
      }
      await useKeys(recording, appliance);
    }
  } finally {
    await appliance.stop('SIGKILL');
  }
  countWords(dataDir, summary);
}

/** Sources and their secrets work as before: a device that was known is heard. */
async function useKeys(recording: Recording, appliance: Parameters<typeof postOnce>[0]): Promise<void> {
  const { items } = await api<{ items: { id: string }[] }>(appliance, '/sources');
  for (const { source, name } of recording.devices)
    if (!items.some((s) => s.id === source.id)) throw new Error(`the source ${name} is gone`);
  const webhook = recording.devices.find((d) => d.name === 'webhook');
  if (!webhook) return;
  const status = await postOnce(appliance, webhook.source, JSON.stringify({ timestamp: 1_700_000_000, solarPower: 1 }));
  if (status !== 202) throw new Error(`the webhook answers ${status}`);
}

function countWords(dataDir: string, summary: CutSummary): void {
  for (const line of logOf(dataDir)) {
    if (!/^\{.*("level":"(warn|error)"|cut off|came from the journal)/.test(line)) continue;
    const { level, message } = JSON.parse(line) as { level: string; message: string };
    const said = `${level}: ${message}`;
    summary.said[said] = (summary.said[said] ?? 0) + 1;
  }
}

const logOf = (dataDir: string): string[] =>
  readFileSync(join(dataDir, 'server.log'), 'utf8').split('\n').filter(Boolean);

const lastLines = (dataDir: string): string => {
  try {
    return logOf(dataDir).slice(-4).join(' | ');
  } catch {
    return 'no log';
  }
};
