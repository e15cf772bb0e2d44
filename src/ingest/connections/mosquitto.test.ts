import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { MqttClient } from 'mqtt';
import { ConnectionsBench, device, until } from '../../testing/connections.ts';
import { hasMosquitto, Mosquitto, type MosquittoOptions, withMosquitto } from '../../testing/mosquitto.ts';
import victron from '../dialects/victron.fixture.json' with { type: 'json' };

const PORTAL = 'c0619ba4d2e1';
const HOUSE = `N/${PORTAL}/system/0/Dc/Battery/Soc`;
/** What a portal answers when it is asked for one value: the same each time. */
const CONSTANT_W = 1234;
const SERIAL = `N/${PORTAL}/system/0/Serial`;

let bench: ConnectionsBench;
const opened: { broker: Mosquitto[]; clients: MqttClient[] } = { broker: [], clients: [] };

beforeEach(async () => {
  bench = await new ConnectionsBench().start();
});
afterEach(async () => {
  await bench.dispose();
  for (const client of opened.clients.splice(0)) await client.endAsync(true);
  for (const broker of opened.broker.splice(0)) await broker[Symbol.asyncDispose]();
});

async function broker(options: MosquittoOptions = {}): Promise<Mosquitto> {
  const started = await new Mosquitto(options).start();
  opened.broker.push(started);
  return started;
}
async function client(port: number, login: { username?: string; password?: string } = {}): Promise<MqttClient> {
  const made = await device(port, login);
  opened.clients.push(made);
  return made;
}
const phase = (id: string) => bench.stateOf(id).phase;
const reason = (id: string) => {
  const state = bench.stateOf(id);
  return state.phase === 'broken' ? state.reason : '';
};

/** Behaves as Venus OS does: publishes only while it was asked lately; a first, empty request brings everything. */
class Portal {
  requests: string[] = [];
  /** Values that it was asked for one by one. */
  reads: string[] = [];
  fullPublishes = 0;
  isMute = false;
  private askedAt = 0;
  private readonly timer: Timer;
  private soc = 50;
  constructor(
    readonly mqtt: MqttClient,
    forgetsAfterMs: number,
  ) {
    mqtt.on('message', (topic, payload) => this.asked(topic, payload.toString()));
    this.timer = setInterval(() => {
      if (this.isMute) return;
      mqtt.publish(SERIAL, JSON.stringify({ value: PORTAL }));
      if (Date.now() - this.askedAt > forgetsAfterMs) return;
      this.soc = 50 + (this.soc - 49 > 30 ? 0 : this.soc - 49);
      mqtt.publish(HOUSE, JSON.stringify({ value: this.soc }));
    }, 60);
  }
  async listen(): Promise<this> {
    await this.mqtt.subscribeAsync(`R/${PORTAL}/#`);
    return this;
  }
  stop(): void {
    clearInterval(this.timer);
  }
  private asked(topic: string, text: string): void {
    if (this.isMute) return;
    if (!topic.endsWith('/keepalive')) {
      this.reads.push(topic);
      this.mqtt.publish(`N${topic.slice(1)}`, JSON.stringify({ value: CONSTANT_W }));
      return;
    }
    this.askedAt = Date.now();
    this.requests.push(text);
    if (text.includes('suppress-republish')) return;
    this.fullPublishes++;
    for (const { topic, payload } of victron.flatMap((recording) => recording.messages))
      if (topic.startsWith('N/')) this.mqtt.publish(topic, String(payload ?? ''));
  }
}

describe.skipIf(!hasMosquitto)(withMosquitto('a connection to a real Mosquitto'), () => {
  test('dbus-mqtt #19, venus-docker #6, OpenDTU-OnBattery #2636: a Victron GX is recognised, asked for everything once and then kept talking', async () => {
    const { port } = await broker();
    const portal = await new Portal(await client(port), 400).listen();
    const { id } = await bench.connect(port);
    await until(() => phase(id) === 'connected');
    await until(() => bench.connectionOf(id).detectedKind === 'victron');
    await until(() => portal.fullPublishes === 1);
    // Recorded traffic arrives with the dialect's units and signs.
    await until(() => bench.newest('solarPower') !== undefined && bench.newest('batteryPower') !== undefined);
    await Bun.sleep(700);
    const before = bench.sink.readings.length;
    await until(() => bench.sink.readings.length > before + 3, 1500);
    expect(portal.fullPublishes).toBe(1);
    expect(portal.requests.length).toBeGreaterThan(3);
    expect(portal.requests.slice(1).every((text) => text.includes('suppress-republish'))).toBe(true);
    portal.stop();
  });

  test('a value of a Victron GX that stays as it is is asked for, and goes on being heard', async () => {
    const { port } = await broker();
    const portal = await new Portal(await client(port), 400).listen();
    const { id } = await bench.connect(port);
    await until(() => portal.fullPublishes === 1 && bench.newest('solarPower') !== undefined);
    await until(() => portal.reads.length > 0);
    // What changes by itself is not asked for, nor what never gave a reading.
    expect(portal.reads).not.toContain(`R${HOUSE.slice(1)}`);
    expect(portal.reads).not.toContain(`R${SERIAL.slice(1)}`);
    const heard = () => bench.sink.readings.filter((r) => Object.values(r.values).includes(CONSTANT_W)).length;
    await until(() => heard() > 0);
    const before = heard();
    await until(() => heard() > before);
    expect(phase(id)).toBe('connected');
    portal.stop();
  });

  test('without its requests the portal would have gone silent', async () => {
    const { port } = await broker();
    const portal = await new Portal(await client(port), 400).listen();
    const { id } = await bench.connect(port);
    await until(() => portal.requests.length > 0);
    await bench.connections.stop?.();
    expect(phase(id)).toBe('off');
    const listener = await client(port);
    await listener.subscribeAsync(HOUSE);
    await Bun.sleep(600);
    let heard = 0;
    listener.on('message', () => heard++);
    await Bun.sleep(300);
    expect(heard).toBe(0);
    portal.stop();
  });

  test('a portal that goes silent is broken though the line stands, and whole again when it speaks', async () => {
    const { port } = await broker();
    const portal = await new Portal(await client(port), 400).listen();
    const { id } = await bench.connect(port);
    await until(() => bench.trafficOf(id).messages > 0 && phase(id) === 'connected');
    portal.isMute = true;
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toContain(`${PORTAL} has said nothing`);
    expect(bench.stateOf(id)).toMatchObject({ retryAt: null });
    const requests = portal.fullPublishes;
    portal.isMute = false;
    await until(() => phase(id) === 'connected');
    // Asked anew, for it may have been restarted.
    await until(() => portal.fullPublishes > requests);
    portal.stop();
  });

  test('a portal is known again after a start, although it says nothing before it is asked', async () => {
    const { port } = await broker();
    const portal = await new Portal(await client(port), 400).listen();
    const { id } = await bench.connect(port);
    await until(() => bench.connectionOf(id).detectedKind === 'victron' && portal.requests.length > 0);
    portal.stop();
    await bench.connections.stop?.();
    portal.requests = [];
    await bench.restart();
    await until(() => portal.requests.length > 0);
    expect(portal.requests[0]).toBe('');
  });

  test('a wrong password is named, and the right one is tried at once', async () => {
    const { port } = await broker({ login: { user: 'gx', password: 'right' } });
    const { id } = await bench.connect(port, { userName: 'gx', password: 'wrong' });
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toMatch(/does not (accept|let)/);
    expect(bench.connections.service.update(bench.olga, id, { password: 'right' }).ok).toBe(true);
    await until(() => phase(id) === 'connected', 500);
  });

  test('TLS with an authority of its own is checked; without that authority it is refused', async () => {
    const { authority, server } = bench.certificates();
    const { port } = await broker({ tls: server });
    const { id } = await bench.connect(port, { usesTls: true });
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toContain('signed by nobody');
    const trust = (input: object) => bench.connections.service.update(bench.olga, id, input);
    expect(trust({ authorityPem: authority.cert }).ok).toBe(true);
    await until(() => phase(id) === 'connected');
    expect(trust({ authorityPem: null, verifiesCertificate: false }).ok).toBe(true);
    await until(() => phase(id) === 'connected');
    expect(trust({ usesTls: false }).ok).toBe(true);
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toMatch(/no MQTT broker/);
  });

  test('a certificate for another name is refused', async () => {
    const { authority, server } = bench.certificates(['other.example']);
    const { port } = await broker({ tls: server });
    const { id } = await bench.connect(port, { usesTls: true, authorityPem: authority.cert });
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toContain('another name');
  });

  test('TLS to a broker without it says so', async () => {
    const { port } = await broker();
    const { id } = await bench.connect(port, { usesTls: true });
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toMatch(/TLS|safe line/);
  });

  test('a broker that restarts is broken at once, and comes back by itself', async () => {
    const mosquitto = await broker();
    const { id } = await bench.connect(mosquitto.port, { kind: 'solarAssistant' });
    await until(() => phase(id) === 'connected');
    await mosquitto.kill();
    await until(() => phase(id) === 'broken', 500);
    await until(() => /nothing listens/.test(reason(id)));
    await mosquitto.start();
    await until(() => phase(id) === 'connected');
    const inverter = await client(mosquitto.port);
    await inverter.publishAsync('solar_assistant/total/battery_power/state', '-183', { qos: 1 });
    await until(() => bench.newest('batteryPower') === -183);
  });

  test('a broker that hangs is noticed by its missing sign of life', async () => {
    const mosquitto = await broker();
    const { id } = await bench.connect(mosquitto.port);
    await until(() => phase(id) === 'connected');
    mosquitto.freeze();
    await until(() => phase(id) === 'broken', 1500);
    expect(reason(id)).toContain('stopped answering');
  });

  test('venus #1027: values that the broker kept are no readings; those with a time of their own and announcements are', async () => {
    const { port } = await broker();
    const writer = await client(port);
    const kept = { retain: true, qos: 1 as const };
    await writer.publishAsync('solar_assistant/total/battery_state_of_charge/state', '12', kept);
    await writer.publishAsync('house/meter', '{"timestamp":"2026-11-20T10:00:00Z","gridPower":250}', kept);
    const entity = { unique_id: 'x1', state_topic: 'roof/w', device_class: 'power', unit_of_measurement: 'W' };
    const named = { ...entity, name: 'PV power', device: { identifiers: ['x'], name: 'Inverter' } };
    await writer.publishAsync('homeassistant/sensor/x/pv/config', JSON.stringify(named), kept);
    await writer.publishAsync('roof/w', '77', kept);
    await writer.publishAsync('roof/state', 'online', kept);
    const { id } = await bench.connect(port, { topicFilters: ['#'] });
    await until(() => bench.trafficOf(id).heldBack === 2 && bench.trafficOf(id).messages >= 2);
    await Bun.sleep(100);
    expect(bench.newest('stateOfCharge')).toBeUndefined();
    expect(bench.newest('solarPower')).toBeUndefined();
    expect(bench.sink.readings).toHaveLength(1);
    expect(bench.sink.readings[0]).toMatchObject({ time: Date.UTC(2026, 10, 20, 10), values: { gridPower: 250 } });
    await writer.publishAsync('solar_assistant/total/battery_state_of_charge/state', '48', kept);
    await writer.publishAsync('roof/w', '78', kept);
    await until(() => bench.newest('stateOfCharge') === 48);
    await until(() => bench.newest('solarPower') === 78);
    expect(bench.trafficOf(id).heldBack).toBe(0);
  });

  test('Ampra’s own topics are not taken over, so that it never feeds itself', async () => {
    const { port } = await broker();
    const { id } = await bench.connect(port, { topicFilters: ['#'] });
    await until(() => phase(id) === 'connected');
    const writer = await client(port);
    await writer.publishAsync('ampra/x/latest', '{"solarPower":1}', { qos: 1 });
    await writer.publishAsync('other/x', '{"solarPower":2}', { qos: 1 });
    await until(() => bench.newest('solarPower') === 2);
    expect(bench.sink.readings.every((reading) => reading.values.solarPower !== 1)).toBe(true);
  });

  test('what cannot be stored is not acknowledged, and arrives once it can', async () => {
    const { port } = await broker();
    const { id } = await bench.connect(port, { topicFilters: ['#'] });
    await until(() => phase(id) === 'connected');
    const writer = await client(port);
    bench.isRefusing = true;
    for (let i = 0; i < 600; i++)
      await writer.publishAsync('solar_assistant/total/pv_power/state', String(i), { qos: 1 });
    await Bun.sleep(300);
    expect(bench.trafficOf(id).messages).toBe(0);
    // Each is tried once in a while; no more are read than may wait.
    expect(bench.refusals).toBeLessThan(600 * 8);
    bench.isRefusing = false;
    await until(() => bench.trafficOf(id).messages === 600);
  });

  test('a name that leads to this machine is refused to a User, also when it is looked up', async () => {
    const { port } = await broker();
    for (const host of ['127.0.0.1', 'localhost', '::1', '169.254.169.254']) {
      const { source } = await bench.base.create(bench.ada);
      const made = await bench.connections.service.create(bench.ada, { host, port, sourceId: source.id });
      expect(made).toMatchObject({ ok: false, error: { field: 'host' } });
    }
    const { source } = await bench.base.create(bench.ada);
    const input = { host: '2130706433', port, sourceId: source.id };
    const made = await bench.connections.service.create(bench.ada, input);
    if (!made.ok) return expect(made.error.field).toBe('host');
    const { id } = made.value.connection;
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toContain('this machine itself');
  });

  test('whoever no longer looks after the appliance loses what only such people reach', async () => {
    const { port } = await broker();
    const { id } = await bench.connect(port);
    await until(() => phase(id) === 'connected');
    bench.connections.service.followOwner(bench.olga.userId);
    expect(phase(id)).toBe('connected');
    bench.demoted.add(bench.olga.userId);
    bench.connections.service.followOwner(bench.olga.userId);
    await until(() => phase(id) === 'broken');
    expect(reason(id)).toContain('this machine itself');
  });

  test('a trial says what it heard and keeps nothing', async () => {
    const { port } = await broker();
    const portal = await new Portal(await client(port), 400).listen();
    // An empty line of the form is no filter.
    const heard = await bench.trials.run(bench.olga, { host: '127.0.0.1', port, topicFilters: [''] });
    expect(heard).toMatchObject({ ok: true, value: { isConnected: true, trouble: null } });
    if (heard.ok) expect(heard.value.dialects[0]?.name).toBe('victron');
    expect(bench.connections.service.listFor(bench.olga)).toEqual([]);
    expect(bench.sink.readings).toEqual([]);
    portal.stop();
    const nobody = await bench.trials.run(bench.olga, { host: '127.0.0.1', port: 1 });
    expect(nobody).toMatchObject({ ok: true, value: { isConnected: false, messages: 0 } });
    if (nobody.ok) expect(nobody.value.trouble?.reason).toContain('nothing listens on port 1');
  });

  test('switched off, deleted, or with its source gone, it hangs up', async () => {
    const { port } = await broker();
    const { id, sourceId } = await bench.connect(port);
    await until(() => phase(id) === 'connected');
    const { service } = bench.connections;
    service.update(bench.olga, id, { isOn: false });
    expect(bench.stateOf(id)).toEqual({ phase: 'off', reason: 'It is switched off.' });
    service.update(bench.olga, id, { isOn: true });
    await until(() => phase(id) === 'connected');
    bench.base.sources.service.setActive(bench.olga, sourceId, false);
    expect(phase(id)).toBe('off');
    bench.base.sources.service.setActive(bench.olga, sourceId, true);
    await until(() => phase(id) === 'connected');
    bench.base.sources.service.remove(bench.olga, sourceId);
    expect(service.findFor(bench.olga, id).ok).toBe(false);
    await until(() => bench.storedConnections() === 0);
  });
});
