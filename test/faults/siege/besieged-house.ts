import { join } from 'node:path';
import { type Appliance, createSource, prepareOwner, signIn, startAppliance } from '../../../bench/appliance.ts';
import { processUse } from '../../../bench/process.ts';
import { createDevices, type Device, send, storedOf } from '../devices.ts';
import type { AttackName, Target } from './attacks.ts';

/** What one attack did to the house. */
export interface Siege {
  attack: string;
  tried: number;
  /** Largest memory of the appliance, MB. */
  residentMb: number;
  /** Slowest answer to an owner who looks at the Live page, ms; infinite when one failed. */
  slowestPageMs: number;
  /** Readings of honest devices that were acknowledged meanwhile. */
  acknowledged: number;
}

type Running = Appliance & { ports: { http: number; mqtt: number } };

const PAGES = ['/', '/history', '/healthz'];
/** An honest device sends as fast as a real one in a hurry. */
const BEAT_MS = 100;

/** A house with honest devices and an owner who looks at it, while somebody attacks. */
export class BesiegedHouse {
  private constructor(
    private readonly appliance: Running,
    private readonly devices: Device[],
    private readonly target: Target,
    private readonly cookie: string,
  ) {}

  static async build(): Promise<BesiegedHouse> {
    const appliance = await startAppliance();
    await prepareOwner(appliance);
    const devices = await createDevices(appliance);
    const stolen = await createSource(appliance, 'stolen');
    const hook = await createSource(appliance, 'stolen too', 'webhook');
    const target = {
      httpPort: appliance.ports.http,
      mqttPort: appliance.ports.mqtt,
      device: { id: stolen.id, key: stolen.mqttApiKey },
      hook: { id: hook.id, secret: hook.webhookSecret },
    };
    return new BesiegedHouse(appliance, devices, target, await signIn(appliance));
  }

  /** Attacks for `ms`, at most `most` times, and watches. */
  async under(attack: AttackName, ms: number, most: number): Promise<Siege> {
    const before = this.acknowledged();
    const script = join(import.meta.dir, 'attacker.ts');
    const attacker = Bun.spawn(
      [process.execPath, script, attack, JSON.stringify(this.target), String(ms), String(most)],
      { stdout: 'pipe', stderr: 'inherit' },
    );
    const siege = { attack, tried: 0, residentMb: 0, slowestPageMs: 0, acknowledged: 0 };
    let isGoingOn = true;
    const devices = this.devices.map((device) => this.keepSending(device, () => isGoingOn));
    const owner = this.look(siege, () => isGoingOn);
    siege.tried = Number((await new Response(attacker.stdout).text()).trim());
    await attacker.exited;
    isGoingOn = false;
    await Promise.all([...devices, owner]);
    siege.acknowledged = this.acknowledged() - before;
    return siege;
  }

  /** Acknowledged readings of honest devices that are not stored, or are there twice. */
  async missing(): Promise<number> {
    let missing = 0;
    for (const device of this.devices) {
      const { lost, twice, invented } = device.ledger.compare(await storedOf(device, this.appliance));
      missing += lost.length + twice.length + invented.length;
    }
    return missing;
  }

  async dispose(): Promise<void> {
    await this.appliance.stop('SIGKILL');
    this.appliance.remove();
  }

  private acknowledged(): number {
    return this.devices.reduce((sum, { ledger }) => sum + ledger.acknowledged, 0);
  }

  /** Like a device that connects, sends some readings and, when it was cut off, comes again. */
  private async keepSending(device: Device, isGoingOn: () => boolean): Promise<void> {
    while (isGoingOn()) {
      await send(device, this.appliance, { most: 20 });
      await Bun.sleep(BEAT_MS);
    }
  }

  private async look(siege: Siege, isGoingOn: () => boolean): Promise<void> {
    for (let i = 0; isGoingOn(); i++) {
      const begun = performance.now();
      const response = await fetch(`${this.appliance.url}${PAGES[i % PAGES.length]}`, {
        headers: { cookie: this.cookie },
      }).catch(() => null);
      await response?.text();
      const ms = response?.ok ? performance.now() - begun : Number.POSITIVE_INFINITY;
      siege.slowestPageMs = Math.max(siege.slowestPageMs, Math.round(ms));
      siege.residentMb = Math.max(siege.residentMb, Math.round(processUse(this.appliance.pid).residentBytes / 1e6));
      await Bun.sleep(50);
    }
  }
}
