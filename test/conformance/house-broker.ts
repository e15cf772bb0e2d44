import mqtt, { type IClientOptions, type IConnackPacket, type MqttClient } from 'mqtt';
import { Inbox } from '../../src/mqtt/testing/test-broker.ts';
import { type Address, type ConnectOptions, PacketClient } from './packet-client.ts';

export interface Guest {
  client: MqttClient;
  inbox: Inbox;
  connack: IConnackPacket;
}

/** A broker in the house as its users' programs see it: mqtt.js and, where a program must misbehave, packets. */
export class HouseBroker {
  private readonly guests: { end(): void }[] = [];
  constructor(private readonly address: Address) {}

  /** A connected client with what it receives, also what came at once. */
  async guest(options: IClientOptions = {}): Promise<Guest> {
    const { host, port } = this.address;
    const client = mqtt.connect(`mqtt://${host}:${port}`, { reconnectPeriod: 0, ...options });
    const inbox = new Inbox(client);
    client.on('error', () => {});
    this.guests.push({ end: () => client.end(true) });
    const connack = await new Promise<IConnackPacket>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('error', reject);
      client.once('close', () => reject(new Error('closed before it was connected')));
    });
    return { client, inbox, connack };
  }

  async packets(options: ConnectOptions = {}): Promise<PacketClient> {
    const client = await PacketClient.connect(this.address, options);
    this.guests.push({ end: () => client.break() });
    return client;
  }

  /** Ends everybody's connection. */
  close(): void {
    for (const guest of this.guests.splice(0)) guest.end();
  }
}
