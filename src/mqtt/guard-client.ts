import type { AedesClient } from './aedes-internals.ts';
import type { Connection } from './connection.ts';
import type { Link } from './link.ts';
import { Reason } from './reason-codes.ts';

/** Lets a connection know when Aedes ends its client, says why on the way out, and keeps Aedes' parser from throwing. */
export function guardClient(client: AedesClient<Link>, connection: Connection): void {
  const close = client.close.bind(client);
  client.close = (done) => {
    connection.closed();
    close(done);
  };
  client.disconnect = (options, done) => {
    if (connection.isReady) client.conn.sendDisconnect(options?.reasonCode ?? Reason.success);
    client.close(done);
  };
  // A parser that stumbles must not take the process with it.
  const parse = client._parser.parse.bind(client._parser);
  client._parser.parse = (bytes) => {
    try {
      return parse(bytes);
    } catch (error) {
      client.emit('error', error instanceof Error ? error : new Error(String(error)));
      return 0;
    }
  };
}
