import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Source } from '../../sources/source.ts';
import { DiscoveryBench } from '../../testing/discovery.ts';
import { ask } from '../../web/testing.ts';

let bench: DiscoveryBench;
let source: Source;
let at: string;
const topic = 'garden/box/power';
const early = Date.now() - 120_000;

beforeAll(async () => {
  bench = await DiscoveryBench.start();
  source = await bench.source('user');
  at = `/sources/${source.id}/mapping`;
  await bench.publish(source, topic, '{"pv":{"kw":1.25}}', early);
  await bench.publish(source, topic, '{"pv":{"kw":1.5}}');
});
afterAll(() => bench.dispose());

const line = (more: Record<string, string> = {}) => ({
  ...{ do: 'save', version: '0', rows: '1', 'topic-0': topic, 'path-0': 'pv.kw', 'metric-0': 'solarPower' },
  ...{ 'unit-0': 'kW', 'factor-0': '1', 'offset-0': '0', ...more },
});
const latest = () => bench.app.features.telemetry.reader.latest(source.id);

describe('the mapping of a source', () => {
  test('is its owner’s: without a session one is asked to sign in, and to others it is not there', async () => {
    for (const path of [at, `${at}/export`]) {
      expect((await bench.page(path)).status).toBe(303);
      for (const who of ['other', 'admin']) expect((await bench.page(path, who)).status).toBe(404);
      expect((await bench.page(path, 'overseer')).status).toBe(200);
    }
    expect([303, 403]).toContain((await ask(bench.web, at, { method: 'POST', body: '' })).status);
    for (const path of [at, `${at}/preview`, `${at}/import`])
      expect((await bench.post(path, 'other', line())).status).toBe(404);
    expect(bench.app.features.ingest.mappings.view(bench.viewer('user'), source.id)).toMatchObject({
      value: { version: 0, rules: [] },
    });
  });

  test('shows the last messages, and offers a line for each number in them', async () => {
    const { text } = await bench.page(at, 'user');
    expect(text).toContain('No known device writes like this');
    expect(text).toContain('pv.kw');
    const answer = await bench.post(at, 'user', {
      ...line(),
      rows: '0',
      do: `take ${JSON.stringify([topic, 'pv.kw'])}`,
    });
    const page = await answer.text();
    expect(page).toContain(`value="${topic}"`);
    expect(page).toContain('value="pv.kw"');
  });

  test('offers a line for each number of a message whose names nobody knows, in Ampra’s own format too', async () => {
    const german = await bench.source('user', 'German');
    const own = `ampra/${german.id}/telemetry`;
    await bench.publish(german, own, '{"PV-Leistung":1900,"Ladezustand":77}');
    const { text } = await bench.page(`/sources/${german.id}/mapping`, 'user');
    expect(text).toContain('Press a value to make a line of it.');
    expect(text).toContain(`A line for Ladezustand of ${own}`);
  });

  test('says while it is tried what is wrong, and of a line that finds nothing that it does', async () => {
    const wrong = await bench.post(at, 'user', line({ do: 'preview', 'unit-0': 'V' }));
    expect(wrong.status).toBe(200);
    expect(await wrong.text()).toContain('It must be one of W, kW, MW, mW.');
    const unmet = 'In the last messages nothing stands there';
    expect(await (await bench.post(at, 'user', line({ do: 'preview', 'path-0': 'pv.k' }))).text()).toContain(unmet);
    expect(await (await bench.post(at, 'user', line({ do: 'preview' }))).text()).not.toContain(unmet);
  });

  test('keeps no empty line however often it is tried, and begins the next where one types', async () => {
    const tried = line({ do: 'preview', rows: '3' });
    const page = await (await bench.post(at, 'user', tried)).text();
    expect(page).toContain('Line 1: Solar power from pv.kw of');
    expect(page).not.toContain('Line 2');
    const more = await (await bench.post(at, 'user', line({ do: 'add', rows: '2' }))).text();
    expect(more).toMatch(/<input id="f-topic-1"[^>]* autofocus/);
    expect(more).not.toContain('Line 3');
    expect(more).not.toContain('Topic<span class="field-optional">');
  });

  test('folds a line that is as it should be, and opens one that is not', async () => {
    const opened = (html: string) => /<details class="fold rule"([^>]*)>/.exec(html)?.[1]?.includes('open');
    expect(opened(await (await bench.post(at, 'user', line({ do: 'preview' }))).text())).toBe(false);
    expect(opened(await (await bench.post(at, 'user', line({ do: 'preview', 'unit-0': 'V' }))).text())).toBe(true);
    expect(opened(await (await bench.post(at, 'user', line({ do: 'preview', 'path-0': 'pv.k' }))).text())).toBe(true);
  });

  test('begins a line with what the number’s name says that it may be', async () => {
    expect((await bench.page(at, 'user')).text).toContain('&quot;pv.kw&quot;,&quot;solarPower&quot;,&quot;kW&quot;');
    const wish = `take ${JSON.stringify([topic, 'pv.kw', 'solarPower', 'kW'])}`;
    const page = await (await bench.post(at, 'user', { ...line(), rows: '0', do: wish })).text();
    expect(page).toMatch(/<option value="solarPower" selected/);
    expect(page).toMatch(/<option value="kW" selected/);
  });

  test('shows what the messages would become while it is typed', async () => {
    const answer = await bench.post(`${at}/preview`, 'user', line());
    const text = await answer.text();
    expect(text).toContain('1.50');
    expect(text).toContain('your mapping');
    expect(text).not.toContain('<html');
  });

  test('names the field that is wrong, and keeps what was typed', async () => {
    const answer = await bench.post(at, 'user', line({ 'unit-0': 'V', 'factor-0': 'much' }));
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('It must be one of W, kW, MW, mW.');
    expect(text).toContain('It must be a number.');
    expect(text).toContain('value="much"');
  });

  test('counts once it is kept, and what was in quarantine follows into its own place in time', async () => {
    expect(bench.app.features.ingest.quarantine.newestOf(source.id, 9)).not.toEqual([]);
    expect((await bench.post(at, 'user', line())).status).toBe(303);
    await bench.app.features.ingest.mappings.settled();
    expect(latest()?.values.solarPower).toBe(1500);
    const { items } = await bench.app.features.telemetry.reader.readings(
      source.id,
      { from: early - 1, to: Date.now() + 1 },
      { limit: 10 },
    );
    expect(items.map((item) => [item.time, item.values.solarPower])).toContainEqual([early, 1250]);
    expect(bench.app.features.ingest.quarantine.newestOf(source.id, 9)).toEqual([]);
    await bench.publish(source, topic, '{"pv":{"kw":2}}');
    expect(latest()?.values.solarPower).toBe(2000);
  });

  test('tells a stale edit, and keeps what the other one kept', async () => {
    const answer = await bench.post(at, 'user', line({ 'metric-0': 'loadPower' }));
    expect(answer.status).toBe(412);
    expect(await answer.text()).toContain('changed meanwhile');
    expect(bench.app.features.ingest.mappings.view(bench.viewer('user'), source.id)).toMatchObject({
      value: { version: 1, rules: [{ metric: 'solarPower' }] },
    });
  });

  test('tells what the lines before had stored, which stays until it is corrected', async () => {
    const mended = await bench.source('user', 'Mended');
    const to = `/sources/${mended.id}/mapping`;
    const said = (answer: Response) => decodeURIComponent(decodeURIComponent(answer.headers.get('Set-Cookie') ?? ''));
    expect(said(await bench.post(to, 'user', line({ 'metric-0': 'loadPower' })))).not.toContain('stays stored');
    const stays = 'What the lines before made of load power stays stored; Corrections takes it away.';
    expect(said(await bench.post(to, 'user', line({ version: '1' })))).toContain(stays);
  });

  test('goes out as a file and comes in for another source', async () => {
    const { text, headers } = await bench.page(`${at}/export`, 'user');
    expect(headers.get('Content-Disposition')).toContain('Roof-of-user.mapping.json');
    const second = await bench.source('user', 'Second');
    const to = `/sources/${second.id}/mapping`;
    const file = new File([text], 'm.json', { type: 'application/json' });
    expect((await bench.post(`${to}/import`, 'user', { file, version: '0' })).status).toBe(303);
    await bench.publish(second, topic, '{"pv":{"kw":0.5}}');
    expect(bench.app.features.telemetry.reader.latest(second.id)?.values.solarPower).toBe(500);
    const bad = new File([text.replace('solarPower', 'sunniness')], 'm.json');
    const refused = await bench.post(`${to}/import`, 'user', { file: bad, version: '1' });
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('rules[0].metric must be a metric of the catalogue');
  });

  test('goes with its source', async () => {
    await bench.app.features.ingest.mappings.settled();
    bench.app.features.ingest.mappings.forget(source.id);
    expect(bench.app.features.ingest.mappings.view(bench.viewer('user'), source.id)).toMatchObject({
      value: { version: 0 },
    });
  });
});
