import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type Clock,
  type ClockDoubt,
  type ClockStatus,
  type HouseTime,
  houseTimeOf,
  type TimeOrigin,
  type TimeShift,
  type TrueTime,
} from '../core/clock.ts';
import { unlessDiskTrouble } from '../core/disk-trouble.ts';
import { hours, minutes, seconds } from '../core/durations.ts';
import type { Log } from '../core/log.ts';
import { DeviceTimes, doubtAtJump, doubtAtStart } from '../core/time-rules.ts';
import { type Boot, isPlausible, nextBase, shiftsOf, trueTimeOf, withKnown } from '../core/unset-time.ts';
import type { TimeSources } from './time-sources.ts';
import { writeWholeFile } from './whole-file.ts';

const stored = z.object({
  boots: z.array(
    z.object({
      id: z.string(),
      base: z.number(),
      lastUptimeMs: z.number(),
      delta: z.number().nullable(),
      isEstimate: z.boolean(),
    }),
  ),
  /** Newest time that was known to be true. */
  lastKnown: z.number().nullable(),
  /** True time at the uptime 0 of this start of the machine, when it is not the system's. */
  own: z.object({ bootId: z.string(), zero: z.number(), origin: z.enum(['owner', 'device']) }).nullable(),
});
type Stored = z.infer<typeof stored>;

/** The system's clock and the uptime may drift apart by so much between two looks without anybody having set it. */
const JUMP_MS = 2000;
const LOOK_EVERY_MS = seconds(1);
const SAVE_EVERY_MS = hours(1);
/** While the time is not known: the end of this start's stretch is known so exactly if the power goes now. */
const SAVE_UNSET_EVERY_MS = minutes(1);
/** Starts of the machine that are remembered; a reading of an older one was stored long ago, or never will be. */
const MOST_BOOTS = 200;

/**
 * The time of the house. As a rule it is the system's; a system clock that cannot be right, or jumps for no reason that
 * can be seen, is not followed. While nobody knows the time it counts in unset time. What was decided outlives the
 * process in a small file, for as long as the machine is on.
 */
export class HouseClock implements HouseTime {
  private state: Stored;
  /** True time at uptime 0, when the system's clock is not used. */
  private zero: number | null = null;
  /** Set while the time is not known. */
  private unset: Boot | null = null;
  private origin: TimeOrigin | null = null;
  private doubt: ClockDoubt | null = null;
  /** The system's clock less the uptime, at the last look. */
  private lead: number;
  /** The same against this process's steady clock, for a quick look. */
  private quickLead: number;
  private readonly devices = new DeviceTimes();
  private readonly listeners = new Set<(shifts: readonly TimeShift[]) => void>();
  private timer: ReturnType<typeof setInterval> | null = null;
  private savedAt = 0;

  constructor(
    private readonly options: {
      /** Where it remembers. */
      path: string;
      sources: TimeSources;
      log: Log;
    },
  ) {
    const { sources } = options;
    this.state = this.read();
    this.lead = sources.system() - sources.uptime();
    this.quickLead = sources.quickLead();
    this.begin();
  }

  /** Looks at the system's clock each second from now on. */
  start(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
    this.timer.unref?.();
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.save();
  }

  now(): number {
    const { sources } = this.options;
    if (Math.abs(sources.quickLead() - this.quickLead) > JUMP_MS) this.look();
    if (this.unset !== null) {
      if (sources.uptime() - this.savedAt >= SAVE_UNSET_EVERY_MS) this.save();
      return this.unset.base + sources.uptime();
    }
    return this.zero === null ? sources.system() : this.zero + sources.uptime();
  }

  isSet(): boolean {
    return this.unset === null;
  }

  status(): ClockStatus {
    const { doubt } = this;
    const systemSays = this.options.sources.system();
    return {
      isSet: this.isSet(),
      origin: this.origin,
      now: this.now(),
      doubt: doubt === null ? null : { systemSays, why: doubt },
    };
  }

  trueTime(stamp: number): TrueTime | null {
    return trueTimeOf(stamp, this.state.boots);
  }

  witness(who: string, time: number): void {
    if (this.unset === null) return;
    const zero = this.devices.add(who, time, this.options.sources.uptime());
    if (zero !== null) this.setTo(zero, 'device');
  }

  setByOwner(time: number): void {
    if (isPlausible(time)) this.setTo(time - this.options.sources.uptime(), 'owner');
  }

  trustSystem(): void {
    if (isPlausible(this.options.sources.system())) this.setTo(null, 'system');
  }

  shifts(): readonly TimeShift[] {
    return shiftsOf(this.state.boots);
  }

  onSet(listener: (shifts: readonly TimeShift[]) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private begin(): void {
    const { sources } = this.options;
    const { own, lastKnown, boots } = this.state;
    const facts = { ...this.facts(), lastKnown };
    const doubt = doubtAtStart(facts);
    const bootId = sources.bootId();
    // A time that was decided since the machine was switched on stays, unless a time server knows better.
    if (own?.bootId === bootId && !(doubt === null && facts.isSynchronised === true)) {
      this.zero = own.zero;
      this.origin = own.origin;
    } else if (doubt === null) this.origin = 'system';
    else {
      this.doubt = doubt;
      const known = boots.find((boot) => boot.id === bootId);
      this.unset = known ?? {
        ...{ id: bootId, base: nextBase(boots), lastUptimeMs: sources.uptime(), delta: null, isEstimate: false },
      };
      if (!known) this.state.boots = [...boots, this.unset].slice(-MOST_BOOTS);
      const systemSays = new Date(facts.system).toISOString();
      this.options.log.warn('the time is not known yet; what comes waits for it', { why: doubt, systemSays });
    }
    // The stretch of this start may have been left with its time known; earlier ones follow from it.
    if (this.unset === null) this.know();
    this.save();
  }

  /** Sees whether the system's clock was set meanwhile, and what to make of that. */
  private look(): void {
    const { sources } = this.options;
    this.quickLead = sources.quickLead();
    const lead = sources.system() - sources.uptime();
    const jumpMs = lead - this.lead;
    this.lead = lead;
    if (this.unset !== null) this.lookWhileUnset();
    else if (Math.abs(jumpMs) > JUMP_MS) this.judge(jumpMs);
    else if (this.doubt === 'jumped' && sources.isSynchronised() === true) this.setTo(null, 'system');
    if (sources.uptime() - this.savedAt > SAVE_EVERY_MS) this.save();
  }

  private lookWhileUnset(): void {
    const doubt = doubtAtStart({ ...this.facts(), lastKnown: this.state.lastKnown });
    if (doubt === null) this.setTo(null, 'system');
    else this.doubt = doubt;
  }

  private judge(jumpMs: number): void {
    const facts = this.facts();
    const doubt = doubtAtJump(jumpMs, facts);
    const says = { jumpMs: Math.round(jumpMs), systemSays: new Date(facts.system).toISOString() };
    if (doubt === null) {
      this.options.log.warn("the system's clock was set, and is followed", says);
      this.setTo(null, 'system');
      return;
    }
    this.options.log.warn("the system's clock jumped, and is not followed", { ...says, why: doubt });
    // Where the time was before the jump, and goes on.
    this.zero ??= this.lead - jumpMs;
    this.origin ??= 'system';
    this.doubt = doubt;
    this.save();
  }

  /** From now on time is this; `zero` null is the system's own. */
  private setTo(zero: number | null, origin: TimeOrigin): void {
    const { sources, log } = this.options;
    const before = this.unset;
    // What the system's clock says now is where it is looked at from.
    this.lead = sources.system() - sources.uptime();
    this.quickLead = sources.quickLead();
    this.zero = zero;
    this.origin = origin;
    this.unset = null;
    this.doubt = null;
    const own = zero !== null && origin !== 'system';
    this.state.own = own ? { bootId: sources.bootId(), zero, origin: origin as 'owner' | 'device' } : null;
    if (before !== null) this.know();
    // What was known before may have been wrong, and would be held against what is right.
    this.state.lastKnown = this.now();
    this.save();
    if (before === null) return;
    log.info('the time is known now', { origin, now: new Date(this.now()).toISOString() });
    for (const listener of this.listeners) this.tell(listener);
  }

  private tell(listener: (shifts: readonly TimeShift[]) => void): void {
    try {
      listener(this.shifts());
    } catch (error) {
      this.options.log.error('what waited for the time could not go on', { error });
    }
  }

  /** Places the stretches of unset time, now that the time is known. */
  private know(): void {
    const { sources } = this.options;
    const id = sources.bootId();
    const here = this.state.boots.find((boot) => boot.id === id);
    const zero = this.zero ?? this.lead;
    const mine = here ?? { id, base: nextBase(this.state.boots), lastUptimeMs: 0, delta: null, isEstimate: false };
    if (!this.state.boots.some((boot) => boot.delta === null)) return;
    const all = here ? this.state.boots : [...this.state.boots, mine];
    const known = withKnown(all, id, zero - mine.base, this.state.lastKnown);
    this.state.boots = here ? known : known.filter((boot) => boot.id !== id);
  }

  private facts() {
    const { sources } = this.options;
    return {
      system: sources.system(),
      isSynchronised: sources.isSynchronised(),
      hasNoBattery: sources.hasNoBattery(),
      uptimeMs: sources.uptime(),
    };
  }

  private read(): Stored {
    const { path, log } = this.options;
    const nothing: Stored = { boots: [], lastKnown: null, own: null };
    if (!existsSync(path)) return nothing;
    try {
      return stored.parse(JSON.parse(readFileSync(path, 'utf8')));
    } catch (error) {
      log.warn('what was known of the time cannot be read', { error });
      return nothing;
    }
  }

  private save(): void {
    const { sources, path } = this.options;
    this.savedAt = sources.uptime();
    if (this.unset === null) this.state.lastKnown = Math.max(this.state.lastKnown ?? 0, this.now());
    else {
      const { id } = this.unset;
      const lastUptimeMs = sources.uptime();
      this.state.boots = this.state.boots.map((boot) => (boot.id === id ? { ...boot, lastUptimeMs } : boot));
    }
    unlessDiskTrouble(() => writeWholeFile(path, JSON.stringify(this.state)));
  }
}

/** For what measures durations only: begins at the time of the house and never jumps, whatever that does. */
export function withoutJumps(clock: Clock): Clock {
  if (houseTimeOf(clock) === null) return clock;
  const began = clock.now();
  const at = performance.now();
  return { now: () => Math.round(began + performance.now() - at) };
}
