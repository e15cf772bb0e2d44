import { randomInt } from 'node:crypto';
import type { Viewer } from '../accounts/viewer.ts';
import type { App } from '../app.ts';
import { unwrap } from '../core/result.ts';
import { createWebhookDevice } from './garage.http.ts';
import { demoHouse } from './house-model.ts';
import { connectInverter } from './inverter.mqtt.ts';
import { fileMemory } from './memory.fs.ts';
import { pastForecasts } from './past-forecasts-service.ts';
import type { DemoRecord } from './ports.ts';
import { Demo } from './service.ts';

const EMAIL = 'demo@ampra.example';
const WORDS = [
  'amber',
  'battery',
  'cloud',
  'copper',
  'delta',
  'ember',
  'field',
  'garden',
  'harbour',
  'island',
  'meadow',
  'river',
  'roof',
  'solar',
  'summit',
  'valley',
];
const visitor = { address: '127.0.0.1', userAgent: 'ampra demo' };

/** Builds the demo over a running appliance: its house, its history and its devices. */
export function createDemo(app: App): Demo {
  const { clock, log, dataDir, config } = app.base;
  return new Demo({
    house: demoHouse,
    clock,
    log: log.for('demo'),
    memory: fileMemory(dataDir.at('demo.json')),
    telemetry: app.features.telemetry.admin,
    weather: pastForecasts(app.features.weather),
    commission: () => commission(app),
    connect: async (record) => ({
      inverter: await connectInverter({
        broker: `mqtt://127.0.0.1:${app.features.broker.ports().tcp || config.mqttPort}`,
        sourceId: record.inverter.id,
        apiKey: record.inverter.mqttApiKey,
        topic: `ampra/${record.inverter.id}/telemetry`,
      }),
      garage: createWebhookDevice({ url: `${app.url}/hooks/${record.garage.id}`, secret: record.garage.webhookSecret }),
    }),
  });
}

/** Makes the owner, as the set-up wizard would, and the sources. */
async function commission(app: App): Promise<Omit<DemoRecord, 'house'>> {
  const { accounts, sources } = app.features;
  const password = newPassword();
  const person = { name: 'Demo owner', email: EMAIL, password, code: '' };
  const { user } = unwrap(await accounts.service.setUp.claim(person, { ...visitor, isLocal: true }));
  const viewer = unwrap(viewerOf(accounts.service.viewerFor(user.id)));
  const { latitude, longitude } = demoHouse.place;
  const site = { name: 'Home', latitude: String(latitude), longitude: String(longitude), timeZone: demoHouse.timeZone };
  unwrap(accounts.service.setUp.saveSite(viewer, site, visitor.address));
  accounts.service.setUp.skip(viewer, visitor.address);
  const group = unwrap(
    await sources.groups.create(viewer, {
      name: 'Roofs',
      description: 'South roof with the battery, garage roof to the west.',
    }),
  );
  const place = {
    ...demoHouse.place,
    timeZone: demoHouse.timeZone,
    groupId: group.id,
    role: 'system',
    currency: 'EUR',
  };
  const inverter = unwrap(
    await sources.service.create(viewer, {
      ...place,
      name: 'House inverter',
      description: 'Hybrid inverter with 10 kWh of storage, 3.9 kWp on the south roof.',
      connectionType: 'mqtt',
      installedCapacityW: demoHouse.roof.peakW,
      arrays: [demoHouse.roof],
    }),
  );
  const garage = unwrap(
    await sources.service.create(viewer, {
      ...place,
      name: 'Garage roof',
      description: 'Micro-inverters, 1.2 kWp to the west; a script posts their values.',
      connectionType: 'webhook',
      installedCapacityW: demoHouse.garage.peakW,
      arrays: [demoHouse.garage],
    }),
  );
  return {
    email: EMAIL,
    password,
    inverter: { id: inverter.source.id, mqttApiKey: inverter.mqttApiKey },
    garage: { id: garage.source.id, webhookSecret: garage.webhookSecret },
  };
}

function viewerOf(viewer: Viewer | undefined) {
  return viewer
    ? ({ ok: true, value: viewer } as const)
    : ({ ok: false, error: { code: 'unavailable', message: 'The demo owner could not be found.' } } as const);
}

/** The demo listens on the whole network like the real one, so its login is not one that everybody knows. */
function newPassword(): string {
  return `${Array.from({ length: 3 }, () => WORDS[randomInt(WORDS.length)]).join('-')}-${randomInt(1000, 10_000)}`;
}
