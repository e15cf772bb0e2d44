import { existsSync, readFileSync } from 'node:fs';

/** What the machine knows of time. */
export interface TimeSources {
  /** The system's clock, ms since 1970. */
  system(): number;
  /** Since the machine was switched on, sleep included, whole ms. Never jumps. */
  uptime(): number;
  /** The system's clock less a steady one: quick to ask, and changes when somebody sets the clock. */
  quickLead(): number;
  /** Another one after each start of the machine. */
  bootId(): string;
  /** A time server agreed since then; null where the system does not say. */
  isSynchronised(): boolean | null;
  /** A small computer without a battery for its clock. */
  hasNoBattery(): boolean;
}

/** systemd's time service, which Debian and Raspberry Pi OS use, marks here that a server agreed. */
const TIMESYNC = '/run/systemd/timesync';

export function systemTimeSources(): TimeSources {
  const test = process.env.NODE_ENV === 'test' ? process.env.TEST_TIME : undefined;
  if (test !== undefined) return testSources(test);
  return {
    system: () => Date.now(),
    uptime: () => uptimeFrom(textOf('/proc/uptime')) ?? Math.round(performance.now()),
    quickLead: () => Date.now() - performance.now(),
    bootId: () => textOf('/proc/sys/kernel/random/boot_id') ?? 'this process',
    isSynchronised: () => (existsSync(TIMESYNC) ? existsSync(`${TIMESYNC}/synchronized`) : null),
    hasNoBattery: () => existsSync('/proc/device-tree/model') && !existsSync('/sys/class/rtc/rtc0'),
  };
}

/** From the first figure of `/proc/uptime`, hundredths of seconds; whole ms, since times are stored as such. */
export function uptimeFrom(text: string | null): number | null {
  const seconds = Number(text?.split(' ')[0]);
  return Number.isFinite(seconds) && seconds > 0 ? Math.round(seconds * 1000) : null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/**
 * For tests of the real process: a JSON file that says how far the system's clock is off, which start of the machine this is
 * and since when. It may be written anew at any time.
 */
function testSources(path: string): TimeSources {
  const read = () =>
    JSON.parse(readFileSync(path, 'utf8')) as {
      offMs: number;
      bootId: string;
      bootedAt: number;
      isSynchronised: boolean | null;
    };
  return {
    system: () => Date.now() + read().offMs,
    uptime: () => Date.now() - read().bootedAt,
    quickLead: () => Date.now() - performance.now() + read().offMs,
    bootId: () => read().bootId,
    isSynchronised: () => read().isSynchronised,
    hasNoBattery: () => false,
  };
}
