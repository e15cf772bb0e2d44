import { signBody } from '../src/ingest/webhook/webhook-signature.ts';
import { type Appliance, createSource, type SourceAccess } from './appliance.ts';
import type { Results } from './lib.ts';
import { fullReading, VALUES_A_READING } from './payload.ts';

const BATCHES = 60;
const READINGS_A_BATCH = 1000;
const AT_ONCE = 3;
const FIRST_TIME = Date.UTC(2023, 0, 1);

/** Signed batches by webhook, each answered when it is on disk. */
export async function benchWebhook(appliance: Appliance, results: Results): Promise<void> {
  const source = await createSource(appliance, 'Webhook bench', 'webhook');
  const posts = await Promise.all(Array.from({ length: BATCHES }, (_, i) => makePost(source, i)));
  let accepted = 0;
  const startedAt = performance.now();
  const worker = async () => {
    for (let post = posts.pop(); post; post = posts.pop()) {
      const response = await fetch(`${appliance.url}/hooks/${source.id}`, { method: 'POST', ...post });
      if (response.status !== 202) throw new Error(`webhook: ${response.status} ${await response.text()}`);
      accepted += ((await response.json()) as { accepted: number }).accepted;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  const rate = (accepted * VALUES_A_READING) / seconds;
  results.add('Webhook batches, durable', rate, 'values/s', { atLeast: 300_000 });
}

/** Stores readings, one a minute up to now, so that pages have something to show. */
export async function fillHistory(appliance: Appliance, source: SourceAccess, batches: number): Promise<void> {
  const firstTime = Date.now() - batches * READINGS_A_BATCH * 60_000;
  for (let batch = 0; batch < batches; batch++) {
    const post = await makePost(source, batch, { firstTime, stepMs: 60_000 });
    const response = await fetch(`${appliance.url}/hooks/${source.id}`, { method: 'POST', ...post });
    if (response.status !== 202) throw new Error(`webhook: ${response.status} ${await response.text()}`);
  }
}

async function makePost(source: SourceAccess, batch: number, at = { firstTime: FIRST_TIME, stepMs: 1000 }) {
  const readings = Array.from({ length: READINGS_A_BATCH }, (_, i) => {
    const place = batch * READINGS_A_BATCH + i;
    return fullReading(at.firstTime + place * at.stepMs, place);
  });
  const body = new TextEncoder().encode(JSON.stringify(readings));
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = await signBody(source.webhookSecret, timestamp, body);
  const headers = {
    'content-type': 'application/json',
    'x-ampra-timestamp': timestamp,
    'x-ampra-signature': signature,
  };
  return { body, headers };
}
