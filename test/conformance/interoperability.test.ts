import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';
import { hasMosquitto, Mosquitto, withMosquitto } from '../../src/testing/mosquitto.ts';
import { HouseBroker } from './house-broker.ts';
import { namesOf } from './scenario.ts';
import { scenarios as forBoth } from './scenarios.ts';
import { scenariosOfMqtt5 } from './scenarios-mqtt5.ts';

const scenarios = [...forBoth, ...scenariosOfMqtt5].map((scenario, i) => ({ ...scenario, names: namesOf(i) }));

describe.concurrent('the appliance in open access', () => {
  let app: TestApp;
  let house: HouseBroker;
  beforeAll(async () => {
    app = await startTestApp({ config: { mqttAccess: 'open' } });
    house = new HouseBroker({ host: '127.0.0.1', port: app.features.broker.ports().tcp });
  });
  afterAll(async () => {
    house.close();
    await app.dispose();
  });
  for (const { name, run, names } of scenarios) test(name, () => run(house, names));
});

describe.concurrent.skipIf(!hasMosquitto)(withMosquitto('a Mosquitto in the same place'), () => {
  const mosquitto = new Mosquitto({ more: ['max_queued_messages 0'] });
  let house: HouseBroker;
  beforeAll(async () => {
    await mosquitto.start();
    house = new HouseBroker({ host: '127.0.0.1', port: mosquitto.port });
  });
  afterAll(async () => {
    house.close();
    await mosquitto[Symbol.asyncDispose]();
  });
  for (const { name, run, names, ampraAlone } of scenarios)
    if (ampraAlone) test(`${name}: ${ampraAlone}`, () => expect(run(house, names)).rejects.toThrow());
    else test(name, () => run(house, names));
});
