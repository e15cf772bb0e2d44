import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';
import { hasMosquitto, Mosquitto, withMosquitto } from '../../src/testing/mosquitto.ts';
import { HouseBroker } from './house-broker.ts';
import { namesOf } from './scenario.ts';
import { scenarios as forBoth } from './scenarios.ts';
import { scenariosOfMqtt5 } from './scenarios-mqtt5.ts';

const scenarios = [...forBoth, ...scenariosOfMqtt5].map((scenario, i) => ({ ...scenario, names: namesOf(i) }));

let app: TestApp;
let ampra: HouseBroker;
const mosquitto = new Mosquitto({ more: ['max_queued_messages 0'] });
let other: HouseBroker | null = null;

// Both start before all tests, so that both go through the scenarios at the same time: most of them is waiting.
beforeAll(async () => {
  app = await startTestApp({ config: { mqttAccess: 'open' } });
  ampra = new HouseBroker({ host: '127.0.0.1', port: app.features.broker.ports().tcp });
  if (hasMosquitto) other = new HouseBroker({ host: '127.0.0.1', port: (await mosquitto.start()).port });
});
afterAll(async () => {
  ampra.close();
  other?.close();
  await app.dispose();
  await mosquitto[Symbol.asyncDispose]();
});

describe.concurrent('the appliance in open access', () => {
  for (const { name, run, names } of scenarios) test(name, () => run(ampra, names));
});

describe.concurrent.skipIf(!hasMosquitto)(withMosquitto('a Mosquitto in the same place'), () => {
  for (const { name, run, names, ampraAlone } of scenarios)
    if (ampraAlone) test(`${name}: ${ampraAlone}`, () => expect(run(other as HouseBroker, names)).rejects.toThrow());
    else test(name, () => run(other as HouseBroker, names));
});
