import mqtt from 'mqtt';
import { prepareOwner, type StartOptions, signIn, startAppliance } from '../../bench/appliance.ts';
import { createDevices, type Device, type Name, postOnce, send, storedOf } from './devices.ts';
import type { Running } from './kills.ts';

/** A house with its computer in a process of its own, and devices that know what was acknowledged. */
export class House {
  private constructor(
    public appliance: Running,
    readonly devices: readonly Device[],
  ) {}

  /** Starts it and lets each device send a little. */
  static async build(options: StartOptions = {}): Promise<House> {
    const appliance = await startAppliance(options);
    await prepareOwner(appliance);
    const house = new House(appliance, await createDevices(appliance));
    await house.sendAll(200);
    return house;
  }

  device(name: Name): Device {
    const found = this.devices.find((d) => d.name === name);
    if (!found) throw new Error(`there is no device ${name}`);
    return found;
  }

  async sendAll(most: number): Promise<void> {
    await Promise.all(this.devices.map((device) => send(device, this.appliance, { most })));
  }

  /** The webhook's status for one reading. */
  async post(): Promise<number> {
    const { source, ledger } = this.device('webhook');
    const { time, json } = ledger.reading();
    const status = (await postOnce(this.appliance, source, JSON.stringify(json))) ?? 0;
    if (status === 202) ledger.acknowledge(time);
    return status;
  }

  /** The reason code for one reading by MQTT, null when the connection ended instead. */
  async publish(version: 4 | 5): Promise<number | null> {
    const { source, ledger } = this.device(version === 5 ? 'qos2' : 'qos1');
    const client = await mqtt.connectAsync(this.appliance.mqttUrl, {
      ...{ username: source.id, password: source.mqttApiKey, reconnectPeriod: 0, protocolVersion: version },
    });
    client.on('error', () => {});
    const ended = new Promise<null>((resolve) => client.once('close', () => resolve(null)));
    const { time, json } = ledger.reading();
    const answer = client.publishAsync(source.mqttTopic, JSON.stringify(json), { qos: 1 }).then(
      (packet) => (packet as { reasonCode?: number } | undefined)?.reasonCode ?? 0,
      (error: { code?: number }) => error.code ?? null,
    );
    const code = await Promise.race([answer, ended]);
    if (code === 0) ledger.acknowledge(time);
    await client.endAsync(true).catch(() => {});
    return code;
  }

  async readiness(): Promise<{ status: number; text: string }> {
    const response = await fetch(`${this.appliance.url}/readyz`);
    return { status: response.status, text: await response.text() };
  }

  /** Signs in and opens the pages that everybody uses; gives the System page's text. */
  async lookAtPages(): Promise<string> {
    const cookie = await signIn(this.appliance);
    let system = '';
    for (const path of ['/', '/history', '/sources', '/account', '/system']) {
      const page = await fetch(`${this.appliance.url}${path}`, { headers: { cookie }, redirect: 'manual' });
      if (page.status !== 200) throw new Error(`${path} answers ${page.status}`);
      system = await page.text();
    }
    return system;
  }

  /** What is missing, doubled or invented, in words; empty when all is as it was promised. */
  async problems(): Promise<string[]> {
    const found: string[] = [];
    for (const device of this.devices) {
      const { lost, twice, invented } = device.ledger.compare(await storedOf(device, this.appliance));
      if (lost.length + twice.length + invented.length > 0)
        found.push(`${device.name}: ${lost.length} lost, ${twice.length} twice, ${invented.length} invented`);
    }
    return found;
  }

  /** Kills the process and starts it on the same folder. */
  async restart(options: StartOptions = {}): Promise<void> {
    const { dataDir, token, ports } = this.appliance;
    await this.appliance.stop('SIGKILL');
    this.appliance = await startAppliance({ ...options, dataDir, ports });
    this.appliance.token = token;
  }

  async dispose(): Promise<void> {
    await this.appliance.stop('SIGKILL');
    this.appliance.remove();
  }
}

/** Waits until it is so; far longer than it should take. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 900; i++) {
    if (await isSo().catch(() => false)) return;
    await Bun.sleep(100);
  }
  throw new Error(`waited in vain: ${what}`);
}
