import { type House, password, type Sent } from './house.ts';

/**
 * What is sent to a route so that whoever may use it succeeds. A route without a line here is sent nothing (an empty form
 * or object), which may well be answered with 400: in the table that counts as having been let in.
 */
export interface Sample extends Sent {
  /** With its question mark. */
  query?: string;
}

/** What the path of the request is about, and its owner. */
export interface About {
  house: House;
  id: string;
  who: string;
}

const inverter = { name: 'Inverter', latitude: 48, longitude: 11, timeZone: 'Europe/Berlin' };
const inverterForm = { ...inverter, latitude: '48', longitude: '11', connectionType: 'mqtt', role: 'system' };
const unreachable = { host: '198.51.100.1', name: 'Garage' };
/** Leads to this very machine: for those only who look after it. */
const ownMachine = { host: '127.0.0.1', port: 1 };
const someCorrection = { kind: 'remove', from: '2024-01-01', to: '2024-01-02' };
const somebody = () => `new-${crypto.randomUUID()}@example.org`;

export const samples: Readonly<Record<string, (about: About) => Sample | Promise<Sample>>> = {
  'POST /forgot': () => ({ form: { email: 'nobody.knows@example.org' } }),
  'POST /account': () => ({ form: { name: 'A new name' } }),
  'POST /account/password': () => ({ form: { current: password, next: password } }),
  'POST /account/email': ({ house, who }) => ({ form: { email: emailOf(house, who), password } }),
  'POST /account/tokens': () => ({ form: { name: 'Program', scope: 'read', expiresInDays: '1' } }),
  'POST /users': () => ({ form: { name: 'Somebody', email: somebody(), role: 'user', way: 'invite' } }),
  'POST /users/registration': () => ({ form: { isOpen: 'no' } }),
  'POST /users/:id': () => ({ form: { name: 'Renamed', role: 'user', isActive: 'yes' } }),
  'POST /users/:id/delete': ({ house, id }) => ({
    form: { confirmation: house.app.features.accounts.service.user(id)?.email ?? '' },
  }),
  'PATCH /api/v1/me': () => ({ json: { name: 'A new name' } }),
  'POST /api/v1/tokens': () => ({ json: { name: 'Program', scope: 'read', expiresInDays: 1 } }),
  'POST /api/v1/users': () => ({ json: { name: 'Somebody', email: somebody(), role: 'user' } }),
  'PATCH /api/v1/users/{id}': () => ({ json: { name: 'Renamed' } }),
  'POST /api/v1/sources': () => ({ json: inverter }),
  'PATCH /api/v1/sources/{id}': () => ({ json: { name: 'Renamed' } }),
  'POST /api/v1/sources/{id}/prices': () => ({ json: { effectiveFrom: '2025-01-01', importPricePerKwh: '0.4' } }),
  'POST /api/v1/sources/{id}/corrections': () => ({ json: someCorrection }),
  'POST /api/v1/sources/{id}/corrections/preview': () => ({ json: someCorrection }),
  'POST /sources/:id/corrections': () => ({
    form: { kind: 'remove', from: '2024-01-01T00:00', to: '2024-01-02T00:00' },
  }),
  'PUT /api/v1/sources/{id}/home-assistant': () => ({ json: { isAnnounced: true } }),
  'POST /api/v1/groups': () => ({ json: { name: 'Barn' } }),
  'PATCH /api/v1/groups/{id}': () => ({ json: { name: 'Renamed' } }),
  'GET /api/v1/sources/{id}/history': () => ({ query: '?metrics=solarPower' }),
  'GET /api/v1/groups/{id}/history': () => ({ query: '?metrics=solarPower' }),
  'GET /api/v1/house/history': () => ({ query: '?metrics=solarPower' }),
  'PUT /api/v1/weather/access': () => ({ json: { isAllowed: false } }),
  'POST /weather/internet': () => ({ form: { isAllowed: 'no' } }),
  'POST /api/v1/connections': () => ({ json: unreachable }),
  'PATCH /api/v1/connections/{id}': () => ({ json: { name: 'Renamed' } }),
  'POST /api/v1/connections/try': () => ({ json: ownMachine }),
  'POST /connections/try': () => ({ form: { ...ownMachine, port: '1' } }),
  'POST /connections/:id/try': () => ({ form: { ...ownMachine, port: '1' } }),
  'POST /connections': () => ({ form: unreachable }),
  'POST /connections/:id': () => ({ form: { ...unreachable, version: '1' } }),
  'POST /sources': () => ({ form: inverterForm }),
  'POST /sources/:id': () => ({ form: { ...inverterForm, name: 'Renamed' } }),
  'POST /sources/:id/delete': () => ({ form: { confirm: 'Hidden roof' } }),
  'POST /sources/:id/prices': () => ({ form: { effectiveFrom: '2025-01-01', importPricePerKwh: '0.4' } }),
  'POST /sources/:id/mapping': () => ({ form: { do: 'save', version: '0', rows: '0' } }),
  'POST /sources/:id/mapping/import': ({ id, house }) => ({ form: { file: mappingFile(house, id), version: '0' } }),
  'POST /sources/:id/balance/correct': () => ({ form: { metric: 'gridPower', factor: '-1' } }),
  'PUT /api/v1/sources/{id}/mapping': ({ id, house }) => ({ json: { rules: [], version: mappingVersion(house, id) } }),
  'PUT /api/v1/sources/{id}/mapping/file': ({ id, house }) => ({
    query: `?version=${mappingVersion(house, id)}`,
    json: { format: 'ampra-mapping-1', rules: [] },
  }),
  'POST /api/v1/sources/{id}/mapping/preview': () => ({ json: { rules: [] } }),
  'POST /api/v1/sources/{id}/balance/corrections': () => ({ json: { metric: 'gridPower', factor: -1 } }),
  'DELETE /api/v1/inbox': async ({ house }) => ({ query: filterQuery(await house.hearDevice()) }),
  'POST /api/v1/inbox/claims': async ({ house }) => ({
    json: { filter: await house.hearDevice(), sourceId: await house.makeSource() },
  }),
  'POST /api/v1/inbox/claims/replay': async ({ house }) => ({ query: filterQuery(await house.claimDevice()) }),
  'DELETE /api/v1/inbox/claims': async ({ house }) => ({ query: filterQuery(await house.claimDevice()) }),
  'POST /api/v1/sources/{id}/routes': async ({ house }) => ({
    json: { filter: 'shed/#', toSourceId: await house.makeSource() },
  }),
  'DELETE /api/v1/sources/{id}/routes': async ({ id, house }) => ({ query: filterQuery(await house.routeTopics(id)) }),
  'POST /sources/:id/part': async ({ house }) => ({ form: { filter: 'shed/#', sourceId: await house.makeSource() } }),
  'POST /sources/:id/part/end': async ({ id, house }) => ({ form: { filter: await house.routeTopics(id) } }),
  'POST /sources/discover/dismiss': async ({ house }) => ({ form: { filter: await house.hearDevice() } }),
  'GET /sources/discover/add': async ({ house }) => ({
    query: filterQuery(await house.hearDevice()),
  }),
  'POST /sources/discover/add': async ({ house }) => ({
    form: { filter: await house.hearDevice(), sourceId: await house.makeSource() },
  }),
  'POST /sources/discover/release': async ({ house }) => ({ form: { filter: await house.claimDevice() } }),
  'POST /groups': () => ({ form: { name: 'Barn' } }),
  'POST /groups/:id': () => ({ form: { name: 'Renamed' } }),
};

const filterQuery = (filter: string) => `?filter=${encodeURIComponent(filter)}`;

function mappingVersion(house: House, id: string): number {
  const found = house.app.features.ingest.mappings.view(house.viewer('owner'), id);
  return found.ok ? found.value.version : 0;
}

function emailOf(house: House, who: string): string {
  return who === 'nobody' ? 'nobody@example.org' : house.viewer(who as 'owner').email;
}

function mappingFile(house: House, id: string): File {
  const { ingest } = house.app.features;
  const file = ingest.mappings.exported(house.viewer('owner'), id);
  return new File([file.ok ? file.value.text : ''], 'mapping.json', { type: 'application/json' });
}
