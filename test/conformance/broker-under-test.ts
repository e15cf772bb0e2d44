import { afterAll, beforeAll } from 'bun:test';
import { startTestApp, type TestApp } from '../../src/testing/app.ts';
import { type Address, type ConnectOptions, PacketClient } from './packet-client.ts';

export interface BrokerUnderTest extends Address {
  /** A client that is connected, or refused, when this resolves. Ended with the tests. */
  client(options?: ConnectOptions): Promise<PacketClient>;
  /** A connection on which nothing was said yet. */
  open(version?: 3 | 4 | 5): Promise<PacketClient>;
}

const clients: PacketClient[] = [];
const kept = (client: PacketClient) => {
  clients.push(client);
  return client;
};

/** The broker that the statements are tried on, once `serveBrokerUnderTest` started it. */
export const broker: BrokerUnderTest = {
  host: '127.0.0.1',
  port: 0,
  client: async (options) => kept(await PacketClient.connect(broker, options)),
  open: async (version) => kept(await PacketClient.open(broker, version)),
};

/**
 * Starts the whole appliance in open access, as a stranger in the house meets it. `CONFORMANCE_BROKER=host:port` names another
 * broker, of any make, to be compared with.
 */
export function serveBrokerUnderTest(): void {
  let app: TestApp | null = null;
  beforeAll(async () => {
    const other = process.env.CONFORMANCE_BROKER;
    if (other) {
      const [host = '', port = ''] = other.split(':');
      Object.assign(broker, { host, port: Number(port) });
      return;
    }
    app = await startTestApp({ config: { mqttAccess: 'open' } });
    Object.assign(broker, { port: app.features.broker.ports().tcp });
  });
  afterAll(async () => {
    for (const client of clients) client.break();
    await app?.dispose();
  });
}
