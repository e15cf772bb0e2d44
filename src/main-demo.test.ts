import { expect, test } from 'bun:test';
import { withFreePorts } from './main-demo.ts';

test('a demo whose two neighbouring ports are taken gives pages and broker a port each', () => {
  const hostname = '127.0.0.1';
  const first = Bun.listen({ hostname, port: 0, socket: { data() {} } });
  const found = withFreePorts({ httpPort: first.port, httpHost: hostname, mqttPort: first.port, mqttHost: hostname });
  first.stop(true);
  expect(found.httpPort).toBeGreaterThan(first.port);
  expect(found.mqttPort).toBeGreaterThan(found.httpPort);
});
