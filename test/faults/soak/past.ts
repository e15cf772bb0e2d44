import { Database } from 'bun:sqlite';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Appliance, ampra, type SourceAccess } from '../../../bench/appliance.ts';
import { household } from '../../../bench/household.ts';

const DAY_MS = 86_400_000;
const DAYS = 200;
const INTERVAL_MS = 900_000;

/** Imports half a year of a household into a source: there is something to learn from, so a model is trained soon. */
export async function giveAPast(appliance: Appliance, source: SourceAccess, seed: number): Promise<void> {
  const to = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  const readings = household({ seed, from: to - DAYS * DAY_MS, to, intervalMs: INTERVAL_MS });
  const lines = Array.from(readings, ({ time, values }) => JSON.stringify({ timestamp: time, ...values }));
  const path = join(appliance.dataDir, '..', `past-${appliance.pid}.ndjson`);
  writeFileSync(path, lines.join('\n'));
  try {
    await ampra(appliance.dataDir, 'import', path, '--source', source.id);
  } finally {
    rmSync(path, { force: true });
  }
}

/** Asks for new models of a source that has a past. */
export async function learnAnew(appliance: Appliance, source: SourceAccess): Promise<void> {
  const response = await fetch(`${appliance.url}/api/v1/sources/${source.id}/forecast/training`, {
    method: 'POST',
    headers: { authorization: `Bearer ${appliance.token}`, 'content-type': 'application/json' },
    body: '{}',
  });
  if (response.status !== 202)
    throw new Error(`learning anew was refused: ${response.status} ${await response.text()}`);
}

/** How many trainings began and how many came to a good end. */
export function trainings({ dataDir }: Appliance): { begun: number; done: number } {
  const db = new Database(join(dataDir, 'ampra.db'), { readonly: true });
  try {
    const sql = `SELECT count(started_at_ms) AS begun, count(*) FILTER (WHERE state = 'succeeded') AS done
      FROM jobs WHERE kind = 'forecast.train'`;
    return db.query<{ begun: number; done: number }, []>(sql).get() ?? { begun: 0, done: 0 };
  } finally {
    db.close();
  }
}
