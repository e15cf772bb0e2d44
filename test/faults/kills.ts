import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Appliance,
  ampraCommand,
  api,
  createSource,
  prepareOwner,
  type StartOptions,
  startAppliance,
} from '../../bench/appliance.ts';
import { type FailPoint, failPoints } from '../../src/platform/fail-points.ts';
import { createDevices, type Device, postOnce, send, storedOf } from './devices.ts';
import type { Difference } from './ledger.ts';
import { Chance } from './random.ts';

export type Running = Appliance & { ports: { http: number; mqtt: number } };

/** What goes on besides the devices while the process is killed. */
type Activity = 'nothing' | 'questions' | 'backup' | 'removal' | 'stop';

/** How one round ends the process. */
export interface Plan {
  activity: Activity;
  /** Place at which it kills itself; without one it is killed from outside. */
  at?: { point: FailPoint; passes: number; delayMs: number };
  /** Kill from outside after this time [ms], counted from the first acknowledgement (from the spawn when `duringStart`). */
  afterMs: number;
  duringStart?: boolean;
}

export interface KillSummary {
  rounds: number;
  acknowledged: number;
  lost: number;
  twice: number;
  invented: number;
  /** How often the process died at each place; `outside` for a kill at a random moment. */
  deaths: Record<string, number>;
  slowestStartMs: number;
}

/** Longest wait for a place to be passed; then the process is killed wherever it is. */
const PATIENCE_MS = 2500;
const MOST_READINGS = 3000;

/** What makes the appliance pass a place. */
const activityFor: Partial<Record<FailPoint, Activity>> = {
  'journal.segment-ended': 'stop',
  'journal.packed': 'removal',
  'journal.put-in-place': 'removal',
  'readings.before-commit': 'questions',
  'readings.committed': 'questions',
  'rollup.before-commit': 'stop',
  'rollup.committed': 'stop',
  'archive.before-commit': 'stop',
  'archive.committed': 'stop',
  'packing.before-commit': 'stop',
  'packing.committed': 'stop',
  checkpoint: 'backup',
  'backup.writing': 'backup',
  'sqlite.before-commit': 'removal',
  'sqlite.committed': 'removal',
};

/** Places that are passed again and again while devices send: dying there may take its turn. */
const passesOf: Partial<Record<FailPoint, number>> = {
  'journal.written': 20,
  'journal.synced': 20,
  'sqlite.before-commit': 5,
  'sqlite.committed': 5,
  'archive.before-commit': 4,
  'archive.committed': 4,
  'packing.before-commit': 4,
  'packing.committed': 4,
};

/** Migrations only run on a young data directory (`killInMigration`); restores and models have tests of their own. */
export const places = failPoints.filter((point) => !/^(migration|restore|model)/.test(point));

/** The plans of a run: every place in turn, and between them kills from outside while this or that goes on. */
export function planFor(round: number, chance: Chance): Plan {
  const point = places[Math.floor(round / 2) % places.length];
  if (round % 2 === 0 && point) {
    const delayMs = point === 'checkpoint' ? chance.between(0, 25) : 0;
    const at = { point, passes: chance.between(1, passesOf[point] ?? 1), delayMs };
    return { activity: activityFor[point] ?? 'nothing', at, afterMs: PATIENCE_MS };
  }
  if (chance.is(0.2)) return { activity: 'nothing', afterMs: chance.between(50, 500), duringStart: true };
  const activity = chance.of<Activity>(['nothing', 'nothing', 'questions', 'stop', 'removal']);
  return { activity, afterMs: chance.between(30, 500) };
}

/** A house whose computer is killed again and again, and compared with what its devices know. */
export class KilledHouse {
  private checkedFrom = new Map<Device, number>();
  private readonly counts: KillSummary = {
    ...{ rounds: 0, acknowledged: 0, lost: 0, twice: 0, invented: 0, slowestStartMs: 0 },
    deaths: {},
  };
  /** What is wrong, in words; empty when every promise held. */
  readonly problems: string[] = [];

  private constructor(
    private appliance: Running,
    readonly devices: Device[],
    readonly chance: Chance,
  ) {}

  static async build(chance = new Chance()): Promise<KilledHouse> {
    const appliance = await startAppliance({ env: { NODE_ENV: 'test' } });
    await prepareOwner(appliance);
    const devices = await createDevices(appliance);
    return new KilledHouse(appliance, devices, chance);
  }

  summary(): KillSummary {
    return { ...this.counts, acknowledged: this.devices.reduce((sum, d) => sum + d.ledger.acknowledged, 0) };
  }

  /** Starts the appliance, kills it as planned, starts it again and compares. */
  async round(plan: Plan): Promise<void> {
    await this.appliance.stop('SIGKILL');
    const died = await this.runUntilDead(plan);
    this.counts.rounds++;
    this.counts.deaths[died] = (this.counts.deaths[died] ?? 0) + 1;
    await this.start({});
    this.counts.slowestStartMs = Math.max(this.counts.slowestStartMs, Math.round(this.appliance.readyMs));
    await this.compare(`round ${this.counts.rounds} (${JSON.stringify(plan)}, seed ${this.chance.seed})`);
  }

  /** Stops in order, starts and compares everything since the beginning. */
  async finish(): Promise<void> {
    await this.appliance.stop('SIGTERM');
    await this.start({});
    this.checkedFrom.clear();
    await this.compare('at the end');
  }

  async dispose(): Promise<void> {
    await this.appliance.stop('SIGKILL');
    this.appliance.remove();
  }

  private async runUntilDead(plan: Plan): Promise<string> {
    const env: Record<string, string> = { NODE_ENV: 'test' };
    if (plan.at) env.TEST_DIE_AT = `${plan.at.point}:${plan.at.passes}+${plan.at.delayMs}`;
    if (plan.duringStart) {
      await this.dieWhileStarting(plan.afterMs);
      return 'outside, while starting';
    }
    const isUp = await this.start({ env }).then(
      () => true,
      () => false,
    );
    if (!isUp) return `${plan.at?.point ?? 'start'}`;
    const first = Promise.withResolvers<void>();
    const most = MOST_READINGS;
    const sending = Promise.all(
      this.devices.map((device) => send(device, this.appliance, { most, onAcknowledged: () => first.resolve() })),
    );
    await Promise.race([first.promise, this.appliance.ended, sending]);
    const going = this.goOn(plan);
    const cut = await Promise.race([this.appliance.ended, Bun.sleep(plan.afterMs)]);
    await this.appliance.stop('SIGKILL');
    await Promise.all([sending, going]);
    return cut && plan.at ? plan.at.point : 'outside';
  }

  /** What goes on; failures are what a killed appliance gives. */
  private async goOn({ activity, at }: Plan): Promise<void> {
    const { appliance } = this;
    const [device] = this.devices;
    if (activity === 'nothing' || !device) return;
    if (activity === 'stop') {
      await Bun.sleep(this.chance.between(0, 200));
      await appliance.stop('SIGTERM').catch(() => undefined);
      return;
    }
    if (activity === 'backup') await backUpInto(join(appliance.dataDir, '..', 'killed-backup.tar'), appliance);
    // Again and again, so that a place that is passed seldom has its chance.
    for (let i = 0; i < (at ? 20 : 3); i++) {
      const work =
        activity === 'removal'
          ? makeAndRemove(appliance)
          : api(appliance, `/sources/${device.source.id}/energy?period=day&from=2012-01-01&to=2012-01-03`);
      if (
        await work.then(
          () => false,
          (error: Error) => !error.message.startsWith('/'),
        )
      )
        return;
    }
  }

  private async dieWhileStarting(afterMs: number): Promise<void> {
    const starting = this.start({}).catch(() => undefined);
    await Bun.sleep(afterMs);
    this.killStarting?.();
    await starting;
    await this.appliance.stop('SIGKILL');
  }

  private killStarting: (() => void) | null = null;

  private async start(more: StartOptions): Promise<void> {
    const { token, dataDir, ports } = this.appliance;
    const onSpawn = (kill: () => void) => {
      this.killStarting = kill;
    };
    this.appliance = await startAppliance({ env: { NODE_ENV: 'test' }, ...more, dataDir, ports, onSpawn });
    this.appliance.token = token;
  }

  private async compare(when: string): Promise<void> {
    for (const device of this.devices) {
      const from = this.checkedFrom.get(device) ?? 0;
      const to = device.ledger.sent;
      const difference = device.ledger.compare(await storedOf(device, this.appliance, from, to), from, to);
      this.checkedFrom.set(device, to);
      this.note(difference, `${device.name}, ${when}`);
    }
  }

  private note(difference: Difference, when: string): void {
    for (const kind of ['lost', 'twice', 'invented'] as const) {
      this.counts[kind] += difference[kind].length;
      if (difference[kind].length > 0)
        this.problems.push(`${difference[kind].length} readings ${kind}: ${when}; first ${difference[kind][0]}`);
    }
  }
}

/**
 * Kills the first start of a new data directory at the `pass`th migration, before or after its commit, and starts again.
 * True when the appliance is ready and takes a reading; null when there is no such migration.
 */
export async function killInMigration(point: 'migration.before-commit' | 'migration.committed', pass: number) {
  const dataDir = mkdtempSync(join(tmpdir(), 'ampra-migration-'));
  const env = { NODE_ENV: 'test', TEST_DIE_AT: `${point}:${pass}` };
  let appliance: Running | null = null;
  try {
    appliance = await startAppliance({ dataDir, env }).catch(() => null);
    if (appliance) return null;
    appliance = await startAppliance({ dataDir, env: { NODE_ENV: 'test' } });
    await prepareOwner(appliance);
    const source = await createSource(appliance, 'after a cut migration', 'webhook');
    return (await postOnce(appliance, source, JSON.stringify({ solarPower: 1 }))) === 202;
  } finally {
    await appliance?.stop('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A source that sent something: what it sent leaves the journal with it. */
async function makeAndRemove(appliance: Appliance): Promise<void> {
  const source = await createSource(appliance, 'short-lived', 'webhook');
  await postOnce(appliance, source, JSON.stringify({ solarPower: 1 }));
  const response = await fetch(`${appliance.url}/api/v1/sources/${source.id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${appliance.token}` },
  });
  await response.text();
}

async function backUpInto(path: string, appliance: Appliance): Promise<void> {
  const child = Bun.spawn([...ampraCommand(), 'backup', path, '--force'], {
    env: { ...process.env, AMPRA_DATA_DIR: appliance.dataDir },
    stdout: 'ignore',
    stderr: 'ignore',
  });
  await child.exited;
  rmSync(path, { force: true });
}
