import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Viewer } from '../../accounts/viewer.ts';
import { ok, refuse, unwrap } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { forecastDay, forecastView } from '../../testing/forecast-views.ts';
import { ada, adam, berlin, bob, olga, SourcesBench } from '../../testing/sources.ts';
import { ask, testWeb } from '../../web/testing.ts';
import { accuracyOf } from '../accuracy.ts';
import type { ModelsView } from '../forecast-view.ts';
import type { ForecastDesk, ForecastSubject } from '../ports.ts';
import { addAccuracyPage } from './accuracy.web.tsx';
import { ForecastChoices } from './choices-service.ts';
import { addForecastPages } from './forecast.web.tsx';
import { addModelPages } from './model.web.tsx';
import { ForecastPages } from './pages-service.ts';

const HOUR = 3_600_000;
const now = forecastDay + 10.2 * HOUR;
const web = testWeb({ ada, bob, olga, adam });
let bench: SourcesBench;
let roof: Source;
let garage: Source;
let empty: Source;

const noModels = (subject: ForecastSubject): ModelsView => ({
  ...{ subject, timeZone: 'UTC', serving: null, others: [], parts: ['morning'], job: null, isAutomatic: true },
  blend: [{ name: 'physics', label: 'physics', start: 0.4, weights: [1] }],
});

/** Forecasts of two roofs; ownership is checked by the real sources, as the real desk does. */
function deskOf(sources: SourcesBench['sources']): ForecastDesk {
  const has = (id: string): boolean => id === roof.id || id === garage.id;
  const may = (viewer: Viewer, id: string) => sources.directory.findFor(viewer, id);
  return {
    choices: (viewer) =>
      sources.directory.listFor(viewer).map(({ id, name, timeZone }) => ({
        ...{ sourceId: id, name, timeZone },
        quantities: has(id) ? ['solar'] : [],
      })),
    forecast: async (viewer, subject, at) => {
      const found = may(viewer, subject.sourceId);
      return found.ok ? ok(forecastView({ subject, isNewest: at === undefined })) : found;
    },
    waiting: () => ok({ isLearning: false, problem: null }),
    issues: () => ok([{ issuedAt: now - HOUR }]),
    accuracy: (viewer, subject) => {
      const found = may(viewer, subject.sourceId);
      const none = accuracyOf('solar', { leads: [], days: [] });
      return found.ok ? ok({ subject, timeZone: 'UTC', first: '2026-05-22', last: '2026-06-20', ...none }) : found;
    },
    models: async (viewer, subject) => {
      const found = may(viewer, subject.sourceId);
      return found.ok ? ok(noModels(subject)) : found;
    },
    trainNow: (viewer, id) => {
      const found = may(viewer, id);
      return found.ok ? ok({ jobId: 'job', source: found.value }) : found;
    },
    putBack: async () => refuse('not_found', 'There is no such model.'),
    refreshNow: async (viewer, ids) => {
      const refused = ids.map((id) => may(viewer, id)).find((found) => !found.ok);
      return refused?.ok === false ? refused : ok(null);
    },
    onChange: () => () => undefined,
  };
}

beforeAll(async () => {
  bench = await new SourcesBench().start({ runsJobs: false });
  bench.clock.set(now);
  const make = async (name: string, more = {}) =>
    unwrap(await bench.sources.service.create(ada, { ...berlin, name, role: 'solar', ...more })).source;
  roof = await make('Roof', { installedCapacityW: 2000 });
  garage = await make('Garage');
  empty = await make('Shed');
  const desk = deskOf(bench.sources);
  const { directory } = bench.sources;
  const choices = new ForecastChoices({
    desk,
    sources: directory,
    groups: bench.sources.groups,
    ownerName: (id) => id,
  });
  const pages = new ForecastPages({ desk, choices, clock: bench.clock });
  addForecastPages(web.routes, { pages, desk });
  addAccuracyPage(web.routes, { pages });
  addModelPages(web.routes, { pages, desk });
});
afterAll(() => bench.dispose());

const get = async (path: string, viewer = 'ada', headers = {}) => {
  const response = await ask(web, path, { viewer, headers });
  return { status: response.status, html: await response.text() };
};

describe('the Forecast page', () => {
  test('adds up the roofs of a house, and says what would make it surer', async () => {
    const { html } = await get('/forecast');
    expect(html).toContain('<h1>Today most likely 32 kWh, between 24 and 38</h1>');
    expect(html).toContain('7.2 kWh produced until 12:00.');
    expect(html).toContain('added as if all erred together');
    expect(html).toContain(`/sources/${garage.id}/edit`);
    expect(html).not.toContain(`/sources/${roof.id}/edit`);
    expect(html).toContain('>Roof</a>');
    expect(html).not.toContain('>Shed</a>');
  });

  test('shows one source alone, tomorrow, the week, and a table', async () => {
    const alone = await get(`/forecast?show=source:${roof.id}&span=tomorrow`);
    expect(alone.html).toContain('<h1>Tomorrow most likely 16 kWh, between 12 and 19</h1>');
    expect((await get('/forecast?span=week')).html.match(/class="fan-hour/g)?.length).toBe(7 * 24);
    const table = await get('/forecast?as=table');
    expect(table.html.match(/aria-label="Why, /g)?.length).toBe(24);
    expect(table.html).not.toContain('class="fan-hour');
  });

  test('scores and models open on the roof that gives most, not on the first of the alphabet', async () => {
    for (const path of ['accuracy', 'model', 'accuracy?show=house', 'model?show=house&of=solar']) {
      const { html } = await get(`/forecast/${path}`);
      expect([path, /aria-current="page"[^>]*>(Roof|Garage)</.exec(html)?.[1]]).toEqual([path, 'Roof']);
    }
  });

  test('is reached from the scores of the house as that of the house', async () => {
    for (const path of ['accuracy', 'model?show=house', 'accuracy?show=house'])
      expect((await get(`/forecast/${path}`)).html).toContain('href="/forecast?show=house&amp;of=solar">Forecast</a>');
    const single = `show=source:${garage.id}`;
    expect((await get(`/forecast/accuracy?${single}`)).html).toContain(
      `href="/forecast?show=source%3A${garage.id}&amp;of=solar">`,
    );
  });

  test('is not silently another one when its address asks for what cannot be', async () => {
    for (const query of ['?of=water', '?span=next', '?span=2026-02-33', '?hour=noon', '/accuracy?days=x'])
      expect((await get(`/forecast${query}`)).status).toBe(400);
    for (const query of ['?of=&span=', '?span=today', '?span=2026-06-21', '/accuracy?days='])
      expect((await get(`/forecast${query}`)).status).toBe(200);
  });

  test('says what in its address cannot be, and leads back to itself', async () => {
    for (const query of ['?of=water', '?span=next', '?hour=water']) {
      const { html } = await get(`/forecast${query}`);
      expect(html).toContain('Go to the Forecast page');
    }
    expect((await get('/forecast?of=water')).html).toContain(
      '“water” is neither production (solar) nor consumption (load).',
    );
    expect((await get('/forecast?span=next')).html).toContain('“next” is no span of the forecast');
  });

  test('answers an hour that is asked for with its reasons alone', async () => {
    const { html } = await get('/forecast?hour=2026-06-21T12:00:00Z&part=why', 'ada', { 'HX-Request': 'true' });
    expect(html).toContain('Why? 14:00 to 15:00');
    expect(html).not.toContain('<html');
  });

  test('says of a forecast that was called back when it was issued, and leads to the newest', async () => {
    const { html } = await get('/forecast?at=2026-06-21T10:00:00Z');
    expect(html).toContain('As it was issued on Sun 21 Jun, 12:00');
    expect(html).toContain('Show the newest');
    expect(html).not.toContain('hx-sse:connect');
  });

  test('refuses a moment that is none', async () => {
    expect((await get('/forecast?at=yesterday')).status).toBe(400);
    expect((await get('/forecast.csv?hour=noon')).status).toBe(400);
  });
});

describe('whoever asks', () => {
  const paths = ['/forecast', '/forecast.csv', '/forecast/events', '/forecast/accuracy', '/forecast/model'];

  test.each([...paths, '/forecast/model/events'])('finds no source of others at %s', async (path) => {
    for (const viewer of ['bob', 'adam'])
      expect((await get(`${path}?show=source:${roof.id}`, viewer)).status).toBe(404);
  });

  test('without a source is shown the way to one', async () => {
    for (const path of ['/forecast', '/forecast/accuracy', '/forecast/model'])
      expect((await get(path, 'bob')).html).toContain('Add a source');
  });

  test('sees as an Overseer the forecasts of others, with their names', async () => {
    const { status, html } = await get(`/forecast?show=source:${roof.id}`, 'olga');
    expect([status, html.includes('Garage (ada)')]).toEqual([200, true]);
  });

  test('is told of a source that has sent nothing what to do next', async () => {
    for (const path of ['/forecast', '/forecast/accuracy', '/forecast/model'])
      expect((await get(`${path}?show=source:${empty.id}`)).html).toContain('How to connect it');
  });

  test('finds no model that is not there, nor one of others', async () => {
    for (const viewer of ['ada', 'bob'])
      expect((await get(`/sources/${roof.id}/forecast/models/solar-1/put-back`, viewer)).status).toBe(404);
  });
});

describe('a group', () => {
  test('has a forecast of its own, of its sources alone', async () => {
    const barn = unwrap(await bench.sources.groups.create(ada, { name: 'Barn' }));
    unwrap(await bench.sources.service.update(ada, garage.id, { groupId: barn.id }));
    const { status, html } = await get(`/forecast?show=group:${barn.id}`);
    expect([status, html.includes('Today most likely 16 kWh')]).toEqual([200, true]);
    expect(html).toContain('>Barn</a>');
    expect((await get(`/forecast?show=group:${barn.id}`, 'bob')).status).toBe(404);
    const model = await get(`/forecast/model?show=group:${barn.id}`);
    expect(model.html).toContain(`/sources/${garage.id}/forecast/train`);
  });

  test('of which nothing is forecast is not offered', async () => {
    const shed = unwrap(await bench.sources.groups.create(ada, { name: 'Empty barn' }));
    unwrap(await bench.sources.service.update(ada, empty.id, { groupId: shed.id }));
    expect((await get('/forecast')).html).not.toContain('Empty barn');
    expect((await get(`/forecast?show=group:${shed.id}`)).status).toBe(404);
  });
});

test('scores and models are of single sources: the house leads to the largest that adds to it, and says to which', async () => {
  const accuracy = await get('/forecast/accuracy?show=house');
  expect(accuracy.html).toContain('Nothing has been judged yet');
  expect(accuracy.html).toContain('<strong>Roof: </strong>');
  const model = await get('/forecast/model?show=house');
  expect(model.html).toContain('Nothing learned serves yet');
  expect(model.html).toContain('<strong>Roof: </strong>');
  expect(model.html).toContain(`/sources/${roof.id}/forecast/train`);
});
