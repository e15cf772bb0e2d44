import mqtt from 'mqtt';

/**
 * The middle part of the usual do-it-yourself stack: subscribes at QoS 1, turns JSON into line protocol, and writes to the
 * database each 200 ms or 5,000 lines, whatever comes first. `collector.ts <broker> <write url>`.
 */
const [brokerUrl = '', writeUrl = ''] = process.argv.slice(2);
const MOST_LINES = 5000;
const EVERY_MS = 200;

let lines: string[] = [];
let writing: Promise<void> = Promise.resolve();

function write(): void {
  if (lines.length === 0) return;
  const body = lines.join('\n');
  lines = [];
  writing = writing.then(async () => {
    const response = await fetch(writeUrl, { method: 'POST', body });
    if (!response.ok) console.error(`collector: ${response.status} ${await response.text()}`);
  });
}

const client = await mqtt.connectAsync(brokerUrl, { protocolVersion: 4, clientId: 'collector', clean: false });
client.on('message', (topic, payload) => {
  const { timestamp, ...values } = JSON.parse(payload.toString()) as Record<string, unknown>;
  const fields = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  lines.push(`reading,device=${topic.split('/')[1]} ${fields.join(',')} ${Date.parse(String(timestamp))}`);
  if (lines.length >= MOST_LINES) write();
});
setInterval(write, EVERY_MS);
await client.subscribeAsync('devices/+/telemetry', { qos: 1 });
console.log('ready');
