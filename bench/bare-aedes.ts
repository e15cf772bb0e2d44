import { createServer } from 'node:net';
import { Aedes } from 'aedes';

/** The yardstick: an Aedes broker that does nothing else. Prints `ready <port>`. */
const broker = await Aedes.createBroker();
const server = createServer(broker.handle);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`ready ${typeof address === 'object' ? address?.port : ''}`);
});
