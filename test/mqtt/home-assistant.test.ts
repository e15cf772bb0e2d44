import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import { z } from 'zod';
import type { TokenScope } from '../../src/accounts/viewer.ts';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { unwrap } from '../../src/core/result.ts';
import { FakeClock, startTestApp, type TestApp } from '../../src/testing/app.ts';
import { until } from '../../src/testing/connections.ts';
import { hasMosquitto, Mosquitto, withMosquitto } from '../../src/testing/mosquitto.ts';

/**
 * Announcing to Home Assistant through the whole appliance: a client that does what Home Assistant does listens with an
 * access token, and checks what it hears as Home Assistant would.
 */
const clock = new FakeClock(Date.UTC(2026, 5, 21, 10));
let app: TestApp;
let url: string;
const clients: MqttClient[] = [];
const PATIENCE_MS = 15_000;

beforeAll(async () => {
  app = await startTestApp({ clock, config: { commitWindowMs: 5 } });
  url = `mqtt://127.0.0.1:${app.features.broker.ports().tcp}`;
});
afterAll(() => app.dispose());
afterEach(async () => {
  for (const client of clients.splice(0)) await client.endAsync(true);
});

/** What Home Assistant demands of a device's announcement (its MQTT integration: device discovery, sensor, device classes). */
const unitsOfClass: Record<string, string> = {
  ...{ battery: '%', power: 'W', apparent_power: 'VA', voltage: 'V', current: 'A', frequency: 'Hz' },
  ...{ temperature: '°C', energy: 'kWh' },
};
const sensor = z
  .strictObject({
    platform: z.literal('sensor'),
    unique_id: z.string().min(1),
    name: z.string().min(1),
    value_template: z.string().regex(/^\{\{ .* \}\}$/),
    expire_after: z.int().positive(),
    device_class: z.enum(Object.keys(unitsOfClass)).optional(),
    state_class: z.enum(['measurement', 'total_increasing']).optional(),
    unit_of_measurement: z.string().optional(),
    suggested_display_precision: z.int().min(0).optional(),
    entity_category: z.literal('diagnostic').optional(),
  })
  .refine(
    ({ device_class, unit_of_measurement }) => !device_class || unitsOfClass[device_class] === unit_of_measurement,
  )
  // Energy is counted, everything else is measured; text has neither class nor unit.
  .refine(({ device_class, state_class }) => (device_class === 'energy') === (state_class === 'total_increasing'))
  .refine(
    ({ state_class, unit_of_measurement }) => (state_class === undefined) === (unit_of_measurement === undefined),
  );
const topic = z.string().regex(/^[^+#]+$/);
const announcement = z.strictObject({
  device: z.strictObject({
    identifiers: z.array(z.string()).min(1),
    name: z.string().min(1),
    manufacturer: z.string(),
    model: z.string(),
    sw_version: z.string(),
    configuration_url: z.url().optional(),
  }),
  origin: z.strictObject({ name: z.string().min(1), sw_version: z.string() }),
  availability: z.array(z.strictObject({ topic })).min(1),
  state_topic: topic,
  components: z.record(z.string(), sensor),
});
/** `<prefix>/<component>/<object id>/config`, letters, digits, underscores and hyphens. */
const CONFIG_TOPIC = /^homeassistant\/device\/[a-zA-Z0-9_-]+\/config$/;

async function person(name: string) {
  const { service } = app.features.accounts;
  const email = `${name}@example.org`;
  const user = unwrap(await service.addUser({ email, password: 'a long pass phrase 42', role: 'user' }));
  const token = (scope: TokenScope) => unwrap(service.addToken({ email, name: scope, scope }));
  const viewer = viewerOf(user, { kind: 'session', sessionId: name });
  return { viewer, read: token('read'), write: token('write') };
}
type Person = Awaited<ReturnType<typeof person>>;

async function connect(options: mqtt.IClientOptions): Promise<MqttClient> {
  const client = await mqtt.connectAsync(url, { reconnectPeriod: 0, protocolVersion: 5, ...options });
  clients.push(client);
  return client;
}

/** What Home Assistant has heard: the newest of each topic, and how often. */
async function homeAssistant(token: string) {
  const heard = new Map<string, string>();
  const counts = new Map<string, number>();
  // It leaves this will unless told otherwise, also where it may publish nothing.
  const will = { topic: 'homeassistant/status', payload: Buffer.from('offline'), qos: 0 as const, retain: false };
  const client = await connect({ username: 'token', password: token, will });
  client.on('message', (at, payload) => {
    heard.set(at, payload.toString());
    counts.set(at, (counts.get(at) ?? 0) + 1);
  });
  await client.subscribeAsync(['homeassistant/#', 'ampra/+/latest', 'ampra/+/availability'], { qos: 0 });
  return { client, heard, counts };
}

async function source(owner: Person, name: string, more: Record<string, unknown> = {}) {
  const { service } = app.features.sources;
  const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };
  const made = unwrap(await service.create(owner.viewer, { name, ...place, ...more }));
  const { id } = made.source;
  const device = await connect({ username: id, password: made.mqttApiKey });
  const config = `homeassistant/device/ampra_${id}/config`;
  const availability = `ampra/${id}/availability`;
  const send = (values: unknown) => device.publishAsync(`ampra/${id}/telemetry`, JSON.stringify(values), { qos: 1 });
  const announce = (isWanted: boolean) => unwrap(app.features.homeAssistant.announcing.set(owner.viewer, id, isWanted));
  return { id, device, config, availability, send, announce };
}

const parsed = (text: string | undefined) => announcement.parse(JSON.parse(text ?? ''));
const everything = {
  ...{ stateOfCharge: 76, stateOfHealth: 99, batteryVoltage: 52.3, batteryCurrent: -3, batteryPower: -160 },
  ...{ batteryTemperature: 22, batteryCapacity: 200, solarPower: 1840, loadPower: 900, loadPercentage: 12 },
  ...{ apparentPower: 950, gridVoltage: 231, gridFrequency: 50, gridPower: -780, totalEnergyProduced: 4821.2 },
  ...{ dailyEnergyProduced: 4.2, totalGridImport: 12, inverterTemperature: 41, busVoltage: 400 },
  ...{ operatingMode: 'battery', deviceStatus: 'ok', faultCodes: ['F01'], warningCodes: [] },
};

describe('announcing to Home Assistant', () => {
  test('is off until the owner wants it, and then says each metric with the right class and unit', async () => {
    const ada = await person('ada');
    const roof = await source(ada, 'Roof');
    const ha = await homeAssistant(ada.read);
    await roof.send(everything);
    await until(() => ha.heard.has(`ampra/${roof.id}/latest`), PATIENCE_MS);
    expect(ha.heard.has(roof.config)).toBe(false);
    roof.announce(true);
    await until(() => ha.heard.has(roof.config) && ha.heard.get(roof.availability) === 'online', PATIENCE_MS);
    expect(roof.config).toMatch(CONFIG_TOPIC);
    const said = parsed(ha.heard.get(roof.config));
    expect(Object.keys(said.components).sort()).toEqual(Object.keys(everything).sort());
    expect(said.device).toMatchObject({ identifiers: [`ampra_${roof.id}`], name: 'Roof' });
    expect(said.availability).toEqual([{ topic: roof.availability }]);
    expect(said.state_topic).toBe(`ampra/${roof.id}/latest`);
    const of = (metric: string) => said.components[metric];
    expect(of('stateOfCharge')).toMatchObject({ device_class: 'battery', state_class: 'measurement' });
    expect(of('stateOfHealth')?.device_class).toBeUndefined();
    expect(of('gridPower')).toMatchObject({ device_class: 'power', unit_of_measurement: 'W' });
    expect(of('totalEnergyProduced')).toMatchObject({ device_class: 'energy', state_class: 'total_increasing' });
    expect(of('dailyEnergyProduced')).toMatchObject({ device_class: 'energy', state_class: 'total_increasing' });
    expect(of('faultCodes')).toMatchObject({ entity_category: 'diagnostic' });
    const uniqueIds = Object.values(said.components).map((one) => one.unique_id);
    expect(new Set(uniqueIds).size).toBe(uniqueIds.length);
    expect(of('solarPower')?.unique_id).toBe(`ampra_${roof.id}_solarPower`);
  });

  test('each template names its own value and age in what Ampra publishes', async () => {
    const eve = await person('eve');
    const roof = await source(eve, 'Roof');
    roof.announce(true);
    const ha = await homeAssistant(eve.read);
    await roof.send({ solarPower: 1200, faultCodes: ['F01', 'F07'] });
    await until(() => ha.heard.has(roof.config) && ha.heard.has(`ampra/${roof.id}/latest`), PATIENCE_MS);
    const latest = JSON.parse(ha.heard.get(`ampra/${roof.id}/latest`) ?? '');
    for (const [metric, one] of Object.entries(parsed(ha.heard.get(roof.config)).components)) {
      // As Home Assistant reads it: the value if its age at the time of the message is below the limit.
      const [, name = '', limitS] = /value_json\['times'\]\['(\w+)'\]\) < (\d+)/.exec(one.value_template) ?? [];
      expect(name).toBe(metric);
      expect(Number(limitS)).toBe(one.expire_after);
      expect(one.value_template).toContain(`value_json['values']['${metric}']`);
      expect(latest.values[name]).toBeDefined();
      expect(Date.parse(latest.times[name])).toBeLessThanOrEqual(Date.parse(latest.time));
    }
  });

  test('a metric that comes later is announced with the others; unique ids stay', async () => {
    const bob = await person('bob');
    const roof = await source(bob, 'Roof');
    roof.announce(true);
    const ha = await homeAssistant(bob.read);
    await roof.send({ solarPower: 1 });
    await until(() => ha.heard.has(roof.config), PATIENCE_MS);
    expect(Object.keys(parsed(ha.heard.get(roof.config)).components)).toEqual(['solarPower']);
    const before = parsed(ha.heard.get(roof.config)).components.solarPower?.unique_id;
    clock.advance(1000);
    await roof.send({ stateOfCharge: 50 });
    await until(() => parsed(ha.heard.get(roof.config)).components.stateOfCharge !== undefined, PATIENCE_MS);
    expect(parsed(ha.heard.get(roof.config)).components.solarPower?.unique_id).toBe(before);
    // The same metrics again are no news.
    const times = ha.counts.get(roof.config);
    clock.advance(1000);
    await roof.send({ solarPower: 2, stateOfCharge: 51 });
    await until(() => (ha.heard.get(`ampra/${roof.id}/latest`) ?? '').includes('"stateOfCharge":51'), PATIENCE_MS);
    expect(ha.counts.get(roof.config)).toBe(times);
  });

  test('when Home Assistant starts, everything is said again to it, and only in its own space', async () => {
    const [cleo, dora] = [await person('cleo'), await person('dora')];
    const roofs = [await source(cleo, 'Roof'), await source(dora, 'Roof')] as const;
    const homes = [await homeAssistant(cleo.write), await homeAssistant(dora.write)] as const;
    for (const roof of roofs) {
      roof.announce(true);
      await roof.send({ solarPower: 5 });
    }
    await until(() => roofs.every((roof, i) => homes[i]?.heard.has(roof.availability)), PATIENCE_MS);
    await homes[0].client.publishAsync('homeassistant/status', 'online', { qos: 1 });
    await until(() => homes[0].counts.get(roofs[0].config) === 2, PATIENCE_MS);
    await until(() => homes[0].counts.get(roofs[0].availability) === 2, PATIENCE_MS);
    expect(homes[1].counts.get(roofs[1].config)).toBe(1);
    for (const [i, home] of homes.entries()) expect(home.heard.has(roofs[1 - i]?.config ?? '')).toBe(false);
    await homes[0].client.publishAsync('homeassistant/status', 'offline', { qos: 1 });
    await roofs[0].send({ solarPower: 6 });
    await until(() => (homes[0].heard.get(`ampra/${roofs[0].id}/latest`) ?? '').includes(':6'), PATIENCE_MS);
    expect(homes[0].counts.get(roofs[0].config)).toBe(2);
  });

  test('it is taken back when it is switched off, and when the source is switched off or deleted', async () => {
    const finn = await person('finn');
    const ha = await homeAssistant(finn.read);
    const { service } = app.features.sources;
    const ends: ((id: string) => unknown)[] = [
      (id) => unwrap(app.features.homeAssistant.announcing.set(finn.viewer, id, false)),
      (id) => unwrap(service.setActive(finn.viewer, id, false)),
      (id) => unwrap(service.remove(finn.viewer, id)),
    ];
    for (const end of ends) {
      const roof = await source(finn, 'Roof');
      roof.announce(true);
      await roof.send({ solarPower: 5 });
      await until(() => ha.heard.get(roof.availability) === 'online' && ha.heard.has(roof.config), PATIENCE_MS);
      end(roof.id);
      await until(() => ha.heard.get(roof.config) === '' && ha.heard.get(roof.availability) === '', PATIENCE_MS);
      // Nothing is kept of it for whoever comes later.
      const later = await homeAssistant(finn.read);
      expect(later.heard.has(roof.config)).toBe(false);
    }
  });

  test('a source that is switched on again is announced again', async () => {
    const gina = await person('gina');
    const ha = await homeAssistant(gina.read);
    const roof = await source(gina, 'Roof');
    roof.announce(true);
    await roof.send({ solarPower: 5 });
    await until(() => ha.heard.has(roof.config), PATIENCE_MS);
    const { service } = app.features.sources;
    unwrap(service.setActive(gina.viewer, roof.id, false));
    await until(() => ha.heard.get(roof.config) === '', PATIENCE_MS);
    unwrap(service.setActive(gina.viewer, roof.id, true));
    await until(() => (ha.heard.get(roof.config) ?? '') !== '', PATIENCE_MS);
    unwrap(await service.update(gina.viewer, roof.id, { name: 'South roof' }));
    await until(() => ha.heard.get(roof.config)?.includes('South roof') === true, PATIENCE_MS);
  });

  test('what comes back over a bridge is no input: neither announcement nor figures', async () => {
    const hugo = await person('hugo');
    const bridge = await source(hugo, 'Bridge');
    const sensorOf = (name: string) => ({
      ...{ platform: 'sensor', name: 'PV power', unique_id: name, device_class: 'power', unit_of_measurement: 'W' },
      value_template: '{{ value_json.p }}',
    });
    const publish = async (name: string, origin: Record<string, unknown>) => {
      const device = { identifiers: [name], name: 'Inverter' };
      const config = { device, ...origin, components: { p: sensorOf(name) }, state_topic: `house/${name}` };
      const topicOf = `homeassistant/device/${name}/config`;
      await bridge.device.publishAsync(topicOf, JSON.stringify(config), { qos: 1 });
      await bridge.device.publishAsync(`house/${name}`, '{"p":5}', { qos: 1 });
      return app.features.telemetry.reader.latest(bridge.id);
    };
    expect(await publish('own', { origin: { name: 'Ampra', sw_version: '1' } })).toBeUndefined();
    expect(await publish('short', { o: { name: 'Ampra' } })).toBeUndefined();
    expect((await publish('other', { origin: { name: 'other2mqtt' } }))?.values).toEqual({ solarPower: 5 });
    // MQTT 5 says so; nobody but Ampra writes there.
    const taken = bridge.device.publishAsync(`ampra/${bridge.id}/availability`, 'online', { qos: 1 });
    expect(await taken.then(() => 'let through').catch(() => 'refused')).toBe('refused');
  });
});

test('what is announced is offline when the appliance stops, and announced again by the next start', async () => {
  const own = await startTestApp({ clock, config: { commitWindowMs: 5 } });
  const port = own.features.broker.ports().tcp;
  const { service } = own.features.accounts;
  const email = 'judy@example.org';
  const user = unwrap(await service.addUser({ email, password: 'a long pass phrase 42', role: 'user' }));
  const token = unwrap(service.addToken({ email, name: 'ha', scope: 'read' }));
  const viewer = viewerOf(user, { kind: 'session', sessionId: 'judy' });
  const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };
  const { source: roof, mqttApiKey } = unwrap(
    await own.features.sources.service.create(viewer, { name: 'R', ...place }),
  );
  const listen = async (at: number) => {
    const heard = new Map<string, string[]>();
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${at}`, {
      ...{ username: 'token', password: token, reconnectPeriod: 0 },
    });
    clients.push(client);
    client.on('message', (on, payload) => heard.set(on, [...(heard.get(on) ?? []), payload.toString()]));
    await client.subscribeAsync(['homeassistant/#', 'ampra/+/availability']);
    return heard;
  };
  const config = `homeassistant/device/ampra_${roof.id}/config`;
  const availability = `ampra/${roof.id}/availability`;
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { username: roof.id, password: mqttApiKey });
  unwrap(own.features.homeAssistant.announcing.set(viewer, roof.id, true));
  await device.publishAsync(`ampra/${roof.id}/telemetry`, '{"solarPower":5}', { qos: 1 });
  await device.endAsync(true);
  const first = await listen(port);
  await until(() => first.get(availability)?.at(-1) === 'online' && first.has(config), PATIENCE_MS);
  await own.stop();
  await own.start();
  expect(first.get(availability)?.at(-1)).toBe('offline');
  const second = await listen(own.features.broker.ports().tcp);
  await until(() => second.get(availability)?.at(-1) === 'online' && second.has(config), PATIENCE_MS);
  expect(second.get(config)).toEqual(first.get(config)?.slice(-1) ?? []);
  await own.dispose();
});

test.skipIf(!hasMosquitto)(withMosquitto('a Mosquitto in the house fetches all of it over a bridge'), async () => {
  const kate = await person('kate');
  const roof = await source(kate, 'Roof');
  roof.announce(true);
  await roof.send({ solarPower: 5 });
  await using house = await new Mosquitto({
    more: [
      'connection ampra',
      `address 127.0.0.1:${app.features.broker.ports().tcp}`,
      'remote_username token',
      `remote_password ${kate.write}`,
      'topic homeassistant/device/+/config in 0',
      'topic ampra/+/latest in 0',
      'topic ampra/+/availability in 0',
      'topic homeassistant/status out 0',
    ],
  }).start();
  const ha = await mqtt.connectAsync(`mqtt://127.0.0.1:${house.port}`, { reconnectPeriod: 0 });
  clients.push(ha);
  const heard = new Map<string, string>();
  let configs = 0;
  ha.on('message', (at, payload) => {
    heard.set(at, payload.toString());
    if (at === roof.config) configs++;
  });
  await ha.subscribeAsync(['homeassistant/#', 'ampra/#']);
  await until(() => heard.get(roof.availability) === 'online' && heard.has(`ampra/${roof.id}/latest`), PATIENCE_MS);
  expect(Object.keys(parsed(heard.get(roof.config)).components)).toEqual(['solarPower']);
  const before = configs;
  await ha.publishAsync('homeassistant/status', 'online');
  await until(() => configs > before, PATIENCE_MS);
});
