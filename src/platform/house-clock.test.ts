import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUnsetStamp } from '../core/unset-time.ts';
import { tempDir } from '../testing/app.ts';
import { FakeComputer } from '../testing/house-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 8, 21, 10);

let dir: string;
let path: string;
beforeEach(() => {
  dir = tempDir();
  path = join(dir, 'clock.json');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the clock of the house', () => {
  test('is the computer’s where that can be believed', () => {
    const computer = new FakeComputer(NOW);
    const clock = computer.clock(path);
    computer.run(HOUR);
    expect([clock.isSet(), clock.now(), clock.status().doubt]).toEqual([true, NOW + HOUR, null]);
  });

  test('counts in unset time on a computer that believes in 1970, until a time server answers', () => {
    const computer = new FakeComputer(30_000);
    const clock = computer.clock(path);
    expect(clock.isSet()).toBe(false);
    const stamp = clock.now();
    expect(isUnsetStamp(stamp)).toBe(true);
    computer.run(HOUR);
    expect(clock.now()).toBe(stamp + HOUR);
    let told = 0;
    clock.onSet(() => told++);
    computer.set(NOW);
    expect(clock.now()).toBe(NOW);
    expect([told, clock.isSet(), clock.trueTime(stamp)]).toEqual([1, true, { time: NOW - HOUR, isEstimate: false }]);
  });

  test('takes the time of a phone, keeps it over a restart of the process, and gives it up for a time server’s', () => {
    const computer = new FakeComputer(30_000);
    const clock = computer.clock(path);
    clock.setByOwner(NOW);
    expect(clock.now()).toBe(NOW);
    computer.run(HOUR);
    const again = computer.clock(path);
    expect([again.now(), again.status().origin]).toEqual([NOW + HOUR, 'owner']);
    computer.isSynced = true;
    computer.set(NOW + HOUR + 1500);
    const third = computer.clock(path);
    expect([third.now(), third.status().origin]).toEqual([NOW + HOUR + 1500, 'system']);
  });

  test('takes the time of a device that ticks', () => {
    const computer = new FakeComputer(30_000);
    const clock = computer.clock(path);
    for (let i = 0; i < 8; i++) {
      clock.witness('inverter', NOW + i * 10_000);
      computer.run(10_000);
    }
    expect([clock.isSet(), clock.status().origin]).toEqual([true, 'device']);
    expect(Math.abs(clock.now() - (NOW + 80_000))).toBeLessThan(11_000);
  });

  test('places what came before a power cut, when the time is known only after it', () => {
    const computer = new FakeComputer(30_000);
    const first = computer.clock(path);
    computer.run(2 * HOUR);
    const stamp = first.now();
    first.stop();
    computer.restart(30_000);
    const second = computer.clock(path);
    expect(second.isSet()).toBe(false);
    expect(second.now()).toBeGreaterThan(stamp);
    computer.run(10 * MINUTE);
    second.setByOwner(NOW);
    const was = second.trueTime(stamp);
    expect(was?.isEstimate).toBe(true);
    // The second start was ten and a half minutes ago; the computer was off for a moment.
    expect(was?.time).toBeWithin(NOW - 14 * MINUTE, NOW - 12 * MINUTE);
  });

  test('knows the time of an earlier start also when this one begins with it', () => {
    const computer = new FakeComputer(30_000);
    const first = computer.clock(path);
    computer.run(HOUR);
    const stamp = first.now();
    first.stop();
    computer.restart(NOW);
    const second = computer.clock(path);
    expect(second.isSet()).toBe(true);
    expect(second.trueTime(stamp)?.isEstimate).toBe(true);
    expect(new Date(second.trueTime(stamp)?.time ?? 0).getUTCFullYear()).toBe(2026);
    expect(second.shifts()).toHaveLength(1);
  });

  test('goes on with its own time when the computer’s jumps without a time server', () => {
    const computer = new FakeComputer(NOW);
    const clock = computer.clock(path);
    for (const jump of [5 * 365 * DAY, -3 * DAY, 2 * HOUR, -NOW]) {
      computer.set(clock.now() + jump);
      const before = clock.now();
      computer.run(MINUTE);
      expect([jump, clock.now() - before]).toEqual([jump, MINUTE]);
      expect(clock.status().doubt).not.toBeNull();
    }
    expect(Math.abs(clock.now() - (NOW + 4 * MINUTE))).toBeLessThan(1);
    clock.trustSystem();
    // 1970 is not to be trusted, whoever says so.
    expect(clock.now()).toBeGreaterThan(NOW);
    computer.set(NOW + 3 * DAY);
    clock.trustSystem();
    expect([clock.now(), clock.status().doubt]).toEqual([NOW + 3 * DAY, null]);
  });

  test('follows small steps, and whatever a time server says', () => {
    const computer = new FakeComputer(NOW);
    const clock = computer.clock(path);
    computer.set(NOW + 5 * MINUTE);
    expect(clock.now()).toBe(NOW + 5 * MINUTE);
    computer.isSynced = true;
    computer.set(NOW - 30 * DAY);
    expect(clock.now()).toBe(NOW - 30 * DAY);
  });

  test('asks after a start that is behind what was measured, and believes its owner', () => {
    const computer = new FakeComputer(NOW);
    computer.clock(path).stop();
    computer.restart(NOW - 30 * DAY);
    const clock = computer.clock(path);
    expect(clock.status()).toMatchObject({ isSet: false, doubt: { why: 'behind what was measured' } });
    clock.trustSystem();
    expect(clock.now()).toBe(NOW - 30 * DAY);
  });

  test('waits ten minutes for a time server where the clock has no battery', () => {
    const computer = new FakeComputer(NOW);
    computer.isWithoutBattery = true;
    const clock = computer.clock(path);
    const stamp = clock.now();
    expect(isUnsetStamp(stamp)).toBe(true);
    computer.isSynced = true;
    computer.set(NOW + 3 * DAY);
    expect(clock.now()).toBe(NOW + 3 * DAY);
    expect(clock.trueTime(stamp)?.time).toBe(NOW + 3 * DAY);
  });

  test('forgets what it cannot read', () => {
    writeFileSync(path, 'damaged');
    expect(new FakeComputer(NOW).clock(path).now()).toBe(NOW);
  });
});
