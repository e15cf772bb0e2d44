import { describe, expect, test } from 'bun:test';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry } from '../../testing/telemetry.ts';
import { RollupQueue } from './rollup-queue.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';

describe('rollups that fail', () => {
  test('are tried again later and later, without holding up other sources', () => {
    const queue = new RollupQueue();
    queue.add(A);
    queue.add(B);
    expect(queue.failed(A, 'no room', 0)).toBe(30_000);
    expect(queue.due(0)).toEqual([B]);
    expect(queue.due(30_000)).toEqual([A, B]);
    expect(queue.failed(A, 'no room', 30_000)).toBe(60_000);
    for (let i = 0; i < 20; i++) queue.failed(A, 'no room', 0);
    expect(queue.failed(A, 'no room', 0)).toBe(3_600_000);
  });

  test('are a problem when they go on failing, until they succeed', () => {
    const queue = new RollupQueue();
    queue.add(A);
    queue.failed(A, 'no room', 0);
    queue.failed(A, 'no room', 0);
    expect(queue.problem()).toBeNull();
    queue.failed(A, 'no room', 0);
    expect(queue.problem()).toBe('no room');
    queue.done(A);
    expect(queue.problem()).toBeNull();
  });

  test('leave the readings stored, are named, and follow once they work', async () => {
    const clock = new FakeClock(Date.UTC(2026, 5, 2));
    const t = await startTelemetry({ clock });
    try {
      const rollUp = t.store.rollUp.bind(t.store);
      t.store.rollUp = () => Promise.reject(new Error('planted'));
      const start = Date.UTC(2026, 5, 1);
      for (let i = 0; i < 3; i++) {
        const time = start + i * 3_600_000;
        t.service.add([{ sourceId: A, time, values: { solarPower: 100 } }], i + 1);
        await t.service.flush();
        clock.advance(3_600_000);
      }
      expect(t.service.flushedPosition()).toBe(3);
      expect(t.service.rollupProblem()).toBe('planted');
      t.store.rollUp = rollUp;
      await t.service.flush();
      expect(t.service.rollupProblem()).toBeNull();
      expect(t.store.find(A)?.bookRules).not.toBeNull();
    } finally {
      await t.dispose();
    }
  });
});
