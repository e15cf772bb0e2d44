import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt from 'mqtt';
import { unwrap } from '../../src/core/result.ts';
import { FakeClock, startTestApp, type TestApp } from '../../src/testing/app.ts';

/** Device families through the whole appliance: a device logs in with its source's key and publishes as its maker wrote it. */
const START = Date.UTC(2026, 5, 21, 10, 0, 0, 250);
const clock = new FakeClock(START);
let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ clock });
});
afterAll(() => app.dispose());

async function device(email: string) {
  const { service } = app.features.accounts;
  unwrap(await service.addUser({ email, password: 'a long pass phrase 42', role: 'user' }));
  const token = unwrap(service.addToken({ email, name: 'write', scope: 'write' }));
  const viewer = service.verifyToken(token, '127.0.0.1');
  if (!viewer) throw new Error('no viewer');
  const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };
  const { source, mqttApiKey } = unwrap(await app.features.sources.service.create(viewer, { name: 'Roof', ...place }));
  const url = `mqtt://127.0.0.1:${app.features.broker.ports().tcp}`;
  const client = await mqtt.connectAsync(url, { username: source.id, password: mqttApiKey, reconnectPeriod: 0 });
  const send = (topic: string, payload: unknown, retain = false) =>
    client.publishAsync(topic, typeof payload === 'string' ? payload : JSON.stringify(payload), { qos: 1, retain });
  const { reader } = app.features.telemetry;
  const readings = async () => (await reader.readings(source.id, { from: 0, to: START * 2 }, { limit: 100 })).items;
  return { id: source.id, client, send, readings, latest: () => reader.latest(source.id) };
}

describe('a device of a known family', () => {
  test('that sends one value a message makes one reading a second', async () => {
    clock.set(START);
    const gx = await device('victron@example.org');
    const say = (path: string, value: unknown) => gx.send(`N/c0619ba4d2e1/${path}`, { value });
    await say('system/0/Ac/Grid/L1/Power', 300);
    await say('system/0/Ac/Grid/L2/Power', -120.5);
    await say('system/0/Dc/Battery/Soc', 84.5);
    await say('system/0/Dc/Battery/Power', -640);
    await say('system/0/Dc/Pv/Power', 0);
    clock.advance(500);
    await say('system/0/Ac/Consumption/L1/Power', 512);
    await say('settings/0/Settings/LEDs/Enable', 1);
    clock.advance(1000);
    await say('system/0/Ac/Grid/L2/Power', -100);
    const second = Math.floor(START / 1000) * 1000;
    expect(await gx.readings()).toEqual([
      {
        time: second,
        values: { gridPower: 179.5, stateOfCharge: 84.5, batteryPower: -640, solarPower: 0, loadPower: 512 },
      },
      { time: second + 1000, values: { gridPower: 200 } },
    ]);
    await gx.client.endAsync();
  });

  test('whose value stopped coming keeps the age of that value', async () => {
    clock.set(START + 60_000);
    const assistant = await device('solar-assistant@example.org');
    const say = (name: string, value: string) => assistant.send(`solar_assistant/${name}/state`, value);
    await say('total/battery_power', '-117');
    await say('total/battery_state_of_charge', '77');
    await say('total/pv_energy', '34.2');
    for (let i = 0; i < 3; i++) {
      clock.advance(1000);
      await say('total/pv_power', String(90 + i));
      await say('inverter_1/device_mode', 'Solar/Battery');
    }
    const latest = assistant.latest();
    const first = Math.floor((START + 60_000) / 1000) * 1000;
    expect(latest?.values).toEqual({
      batteryPower: -117,
      stateOfCharge: 77,
      solarPower: 92,
      operatingMode: 'Solar/Battery',
    });
    expect(latest?.times.batteryPower).toBe(first);
    expect(latest?.times.solarPower).toBe(first + 3000);
    await assistant.client.endAsync();
  });

  test('that announces itself is read by its announcement', async () => {
    clock.set(START + 120_000);
    const unknown = await device('announced@example.org');
    await unknown.send('my/inverter/state', '{"p":2.35}');
    expect(unknown.latest()).toBeUndefined();
    const announcement = {
      name: 'PV power',
      state_topic: 'my/inverter/state',
      unit_of_measurement: 'kW',
      device_class: 'power',
      value_template: '{{ value_json.p }}',
      unique_id: 'inverter_pv_power',
    };
    await unknown.send('homeassistant/sensor/inverter/pv/config', announcement, true);
    await unknown.send('my/inverter/state', '{"p":2.35}');
    expect(unknown.latest()?.values).toEqual({ solarPower: 2350 });
    await unknown.client.endAsync();
  });

  test('what is not understood or not possible is kept with the reason', async () => {
    clock.set(START + 180_000);
    const odd = await device('odd@example.org');
    await odd.send('my/own/thing', '17');
    await odd.send('N/c0619ba4d2e1/system/0/Dc/Battery/Soc', { value: 400 });
    const shown = await app.features.ingest.recent.newestOf(odd.id, 5);
    expect(shown.map((m) => m.problem)).toEqual([
      'stateOfCharge must lie between 0 and 100 %',
      'no known device writes like this',
    ]);
    expect(odd.latest()).toBeUndefined();
    await odd.client.endAsync();
  });
});
