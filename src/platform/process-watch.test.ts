import { afterEach, describe, expect, test } from 'bun:test';
import { ProcessWatch } from './process-watch.ts';

describe('memory of the process', () => {
  function watch() {
    const state = { bytes: 150e6, nowMs: 0, collected: 0 };
    const made = new ProcessWatch({
      residentBytes: () => state.bytes,
      collect: () => state.collected++,
      now: () => state.nowMs,
    });
    return { state, look: () => made.look() };
  }

  test('is left alone while there is little of it in use', () => {
    const { state, look } = watch();
    for (let i = 0; i < 100; i++, state.nowMs += 2000) look();
    expect(state.collected).toBe(0);
  });

  test('is given back when there is much, but not all the time', () => {
    const { state, look } = watch();
    state.bytes = 350e6;
    for (let i = 0; i < 20; i++, state.nowMs += 1000) look();
    expect(state.collected).toBe(2);
    state.bytes = 450e6;
    for (let i = 0; i < 10; i++, state.nowMs += 1000) look();
    expect(state.collected).toBe(2 + 5);
  });
});

describe('delays of the main loop', () => {
  let watch: ProcessWatch | null = null;
  afterEach(() => watch?.stop());

  test('show when something held it up', async () => {
    watch = new ProcessWatch();
    await watch.start();
    await Bun.sleep(50);
    const begun = performance.now();
    while (performance.now() - begun < 120);
    await Bun.sleep(50);
    const longest = watch.metrics().find((m) => m.name === 'ampra_event_loop_delay_max_seconds')?.value;
    expect(longest).toBeGreaterThan(0.08);
  });
});
