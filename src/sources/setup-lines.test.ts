import { expect, test } from 'bun:test';
import { createHmac } from 'node:crypto';
import { KEY_PLACEHOLDER, mqttRecipes, type SetupFacts, webhookRecipe } from './setup-lines.ts';

const facts: SetupFacts = {
  sourceId: '6f1c2f7e-0000-4000-8000-000000000001',
  host: '192.168.1.20',
  mqttPort: 1883,
  mqttTlsPort: null,
  topic: 'ampra/6f1c2f7e-0000-4000-8000-000000000001/telemetry',
  webhookUrl: 'http://192.168.1.20:8080/hooks/6f1c2f7e-0000-4000-8000-000000000001',
};
const secrets = { mqttApiKey: 'ab'.repeat(32), webhookSecret: 'cd'.repeat(32) };
const of = (title: string, recipes = mqttRecipes(facts, secrets)) => {
  const found = recipes.find((recipe) => recipe.title === title);
  if (!found) throw new Error(`no lines for ${title}`);
  return found.code;
};

test('every recipe names the host, the user and the key, or a placeholder where the key is not known', () => {
  for (const { code } of mqttRecipes(facts, secrets))
    for (const part of [facts.host, facts.sourceId, secrets.mqttApiKey]) expect(code).toContain(part);
  for (const { code } of mqttRecipes(facts, null)) expect(code).toContain(KEY_PLACEHOLDER);
});

test('the Node-RED flow is JSON that can be imported, and the ESPHome lines are YAML', () => {
  const flow = JSON.parse(of('Node-RED'));
  expect(flow[0]).toMatchObject({ type: 'mqtt-broker', broker: facts.host, credentials: { user: facts.sourceId } });
  expect(flow[1]).toMatchObject({ type: 'mqtt out', topic: facts.topic, broker: flow[0].id });
  expect(Bun.YAML.parse(of('ESPHome'))).toMatchObject({ mqtt: { broker: facts.host, port: 1883 } });
});

test('the line for mosquitto_pub reaches it with every argument in its place', async () => {
  const script = `mosquitto_pub() { printf '%s\\n' "$@"; }\n${of('Try it from a terminal')}`;
  const args = (await Bun.$`sh -c ${script}`.text()).trim().split('\n');
  const after = (flag: string) => args[args.indexOf(flag) + 1];
  expect(after('-h')).toBe(facts.host);
  expect(after('-u')).toBe(facts.sourceId);
  expect(after('-P')).toBe(secrets.mqttApiKey);
  expect(after('-t')).toBe(facts.topic);
  expect(JSON.parse(after('-m') ?? '')).toEqual({ solarPower: 1250, stateOfCharge: 82 });
});

test('the webhook lines, run as they stand in a shell, send a valid signature', async () => {
  let seen: { headers: Headers; body: string } | undefined;
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    async fetch(request) {
      seen = { headers: request.headers, body: await request.text() };
      return new Response(null, { status: 202 });
    },
  });
  try {
    const here = { ...facts, webhookUrl: `http://127.0.0.1:${server.port}/hooks/x` };
    await Bun.$`sh -c ${webhookRecipe(here, secrets).code}`.quiet();
    const time = seen?.headers.get('X-Ampra-Timestamp') ?? '';
    const hmac = createHmac('sha256', secrets.webhookSecret).update(`${time}.${seen?.body}`).digest('hex');
    expect(seen?.headers.get('X-Ampra-Signature')).toBe(`sha256=${hmac}`);
    expect(Math.abs(Date.now() / 1000 - Number(time))).toBeLessThan(30);
  } finally {
    await server.stop(true);
  }
});
