import { afterEach, describe, expect, test } from 'bun:test';
import { ProcessWatch } from './process-watch.ts';

describe('memory of the process', () => {
  function watch() {
    const state = { bytes: 150e6, nowMs: 0, collected: 0, garbage: 50e6 };
    let justCollected = false;
    const made = new ProcessWatch({
      residentBytes: () => {
        const bytes = justCollected ? state.bytes - state.garbage : state.bytes;
        justCollected = false;
        return bytes;
      },
      collect: () => {
        state.collected++;
        justCollected = true;
      },
      now: () => state.nowMs,
    });
    const pass = (seconds: number) => {
      for (const end = state.nowMs + seconds * 1000; state.nowMs < end; state.nowMs += 250) made.look();
    };
    return { state, pass };
  }

  test('is left alone while there is little of it in use', () => {
    const { state, pass } = watch();
    pass(200);
    expect(state.collected).toBe(0);
  });

  test('is given back when there is much, but not all the time', () => {
    const { state, pass } = watch();
    state.garbage = 25e6;
    state.bytes = 350e6;
    pass(20);
    expect(state.collected).toBe(2);
    state.bytes = 400e6;
    pass(10);
    expect(state.collected).toBe(2 + 5);
    state.bytes = 450e6;
    pass(10);
    // Each time that it is looked at: it grows by that much in less.
    expect(state.collected).toBe(2 + 5 + 40);
  });

  test('is looked for ever more seldom where there is none to give back', () => {
    const { state, pass } = watch();
    state.bytes = 450e6;
    state.garbage = 1e6;
    pass(60);
    expect(state.collected).toBe(9);
  });

  test('is given back as before when there is some again, or much more is in use', () => {
    const { state, pass } = watch();
    state.bytes = 450e6;
    state.garbage = 1e6;
    pass(60);
    state.bytes = 520e6;
    state.garbage = 50e6;
    pass(10);
    expect(state.collected).toBe(9 + 40);
  });

  test('is given back soon when it grows fast where it is urgent, once for each time that it has grown', () => {
    const { state, pass } = watch();
    state.bytes = 350e6;
    state.garbage = 25e6;
    pass(5);
    expect(state.collected).toBe(1);
    state.bytes = 385e6;
    state.garbage = 35e6;
    pass(0.5);
    expect(state.collected).toBe(2);
    state.bytes = 375e6;
    pass(5);
    expect(state.collected).toBe(2);
    state.bytes = 395e6;
    pass(5);
    expect(state.collected).toBe(2 + 10);
  });

  test('that answers to questions take and leave is not stopped for where it is not urgent', () => {
    const { state, pass } = watch();
    state.bytes = 301e6;
    pass(1);
    expect(state.collected).toBe(1);
    for (let i = 0; i < 8; i++) {
      state.bytes = i % 2 === 0 ? 378e6 : 305e6;
      pass(1);
    }
    expect(state.collected).toBe(1);
  });

  test('that a flood takes for good is looked for once in each part of its growth', () => {
    const { state, pass } = watch();
    state.garbage = 0;
    for (state.bytes = 381e6; state.bytes < 410e6; state.bytes += 5e6) pass(0.25);
    expect(state.collected).toBe(1);
    state.bytes = 412e6;
    pass(1);
    expect(state.collected).toBe(2);
  });

  test('is looked for at once when nearly all is in use and a little more comes', () => {
    const { state, pass } = watch();
    state.bytes = 450e6;
    state.garbage = 1e6;
    pass(60);
    state.bytes = 465e6;
    pass(1);
    expect(state.collected).toBe(9 + 1);
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
