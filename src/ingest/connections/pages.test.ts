import { afterAll, beforeAll, expect, test } from 'bun:test';
import { ConnectionsBody } from '../../../views/ingest/connections.tsx';
import type { Source } from '../../sources/source.ts';
import { DiscoveryBench } from '../../testing/discovery.ts';
import type { Connection } from './connection.ts';

let bench: DiscoveryBench;
beforeAll(async () => {
  bench = await DiscoveryBench.start();
});
afterAll(() => bench.dispose());

test('a trial that cannot be made names the fields as the form does', async () => {
  const answer = await bench.post('/connections/try', 'overseer', { host: 'mqtt://gx.local', port: '99999' });
  const text = await answer.text();
  expect(text).toContain('Address must be a name or address alone');
  expect(text).toContain('Port must be a whole number');
  expect(text).not.toContain('host must');
});

test('the form says what is being done while it is tried', async () => {
  const { text } = await bench.page('/connections/new', 'overseer');
  expect(text).toContain('hx-indicator="#trial-wait"');
  expect(text).toContain('Connecting and listening, up to 10 seconds');
});

test('the list says for how long a connection has been as it is', () => {
  const now = 1_767_225_600_000;
  const connection = { id: 'c', name: 'GX', host: 'gx.local', port: 1883, kind: 'victron', topicFilters: [] };
  const shown = (since: number, heldBack = 0) =>
    String(
      ConnectionsBody({
        now,
        items: [
          {
            connection: connection as unknown as Connection,
            source: { id: 's', name: 'Roof' } as Source,
            state: { phase: 'connected', since },
            traffic: { messages: 0, heldBack, lastMessageAt: null },
          },
        ],
      }),
    );
  expect(shown(now - 6000)).toContain('for 6 s');
  expect(shown(now - 90 * 60_000)).toContain('for 1 h 30 min');
  expect(shown(now)).toContain('just now');
  expect(shown(now)).not.toContain('nothing new');
  expect(shown(now, 1)).toContain('1 topic has sent nothing new since Ampra connected');
});
