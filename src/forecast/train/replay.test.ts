import { expect, test } from 'bun:test';
import { leadTimes } from '../score/lead-times.ts';
import { replayHours } from './replay.ts';

test('in eight days each lead time meets every hour of the day alike, so that lead times can be compared', () => {
  for (const { fromH, toH } of leadTimes) {
    const met = Array.from({ length: 24 }, () => 0);
    for (let day = 0; day < 8; day++)
      for (const hour of replayHours(day))
        for (let ahead = fromH; ahead < toH; ahead++) met[(hour + ahead) % 24] = (met[(hour + ahead) % 24] ?? 0) + 1;
    expect(new Set(met)).toEqual(new Set([toH - fromH]));
  }
});

test('the day is spoken of in the evening before it, and in its first hours', () => {
  for (let day = 0; day < 20; day++) {
    expect(replayHours(day)[0]).toBeLessThan(8);
    expect(replayHours(day).at(-1)).toBeGreaterThanOrEqual(16);
  }
});
