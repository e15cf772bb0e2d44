import { connectAsync } from 'mqtt';
import type { DemoDevice } from './ports.ts';

/** An inverter as a real one: logs in to the broker with its source's credentials and publishes at QoS 1. */
export async function connectInverter(options: {
  /** `mqtt://127.0.0.1:1883` */
  broker: string;
  sourceId: string;
  apiKey: string;
  topic: string;
}): Promise<DemoDevice> {
  const client = await connectAsync(options.broker, {
    clientId: `demo-inverter-${options.sourceId.slice(0, 8)}`,
    username: options.sourceId,
    password: options.apiKey,
    protocolVersion: 5,
    reconnectPeriod: 1000,
    // A demo of the way of a reading: what was not acknowledged is sent again after a reconnect, as a device would.
    queueQoSZero: false,
  });
  return {
    async send(values) {
      await client.publishAsync(options.topic, JSON.stringify(values), { qos: 1 });
    },
    async stop() {
      await client.endAsync(true);
    },
  };
}
