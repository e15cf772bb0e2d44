import type { Database } from 'bun:sqlite';
import { join } from 'node:path';
import type { Clock, TimeShift } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Config } from '../platform/config.ts';
import type { Feature, PartHealth } from '../platform/feature.ts';
import type { MetricSample } from '../platform/metrics.ts';
import { EmbeddedBroker } from './embedded-broker.ts';
import { defaultLimits, largestFrameBytes } from './limits.ts';
import type { Broker, BrokerPolicy, MqttOverWebSocket } from './ports.ts';
import { TcpListener } from './tcp.ts';
import { WebSocketDoor } from './websocket.ts';

export interface BrokerFeatureDeps {
  config: Pick<
    Config,
    'mqttHost' | 'mqttPort' | 'mqttTlsPort' | 'mqttWsPath' | 'mqttMaxPacketKb' | 'mqttMaxClients' | 'mqttMaxRate'
  >;
  dataDir: string;
  clock: Clock;
  log: Log;
  policy: BrokerPolicy;
  /** PEM texts; null when TLS is off. */
  tls: { cert: string; key: string } | null;
  /** How stamps move that were given while nobody knew the time. */
  shifts?: () => readonly TimeShift[];
}

/** The broker with its doors: TCP, TLS when there is a certificate, and WebSocket for the web port. */
export interface BrokerFeature extends Feature {
  broker: Broker;
  webSocket: MqttOverWebSocket;
  /** Ports that listen now; 0 for one that does not. */
  ports(): { tcp: number; tls: number };
  /** The open file of sessions and retained messages, for a backup; null while it is closed. */
  database(): Database | null;
}

export function createBroker(deps: BrokerFeatureDeps): BrokerFeature {
  const { config, clock, policy } = deps;
  const log = deps.log.for('mqtt');
  const limits = {
    ...defaultLimits,
    maxPacketBytes: config.mqttMaxPacketKb * 1024,
    maxClients: config.mqttMaxClients,
    maxRate: config.mqttMaxRate,
  };
  const { shifts } = deps;
  const storePath = join(deps.dataDir, 'broker.db');
  const broker = new EmbeddedBroker({ policy, limits, clock, log, storePath, ...(shifts && { shifts }) });
  const open = broker.open.bind(broker);
  const common = { host: config.mqttHost, log, open };
  const tcp = new TcpListener({ ...common, port: config.mqttPort, tls: null });
  const tls = deps.tls && new TcpListener({ ...common, port: config.mqttTlsPort, tls: deps.tls });
  const webSocket = new WebSocketDoor({
    path: config.mqttWsPath,
    maxFrameBytes: largestFrameBytes(limits.maxPacketBytes),
    open,
  });

  async function start(): Promise<void> {
    await broker.start();
    tcp.start();
    tls?.start();
  }

  async function stop(): Promise<void> {
    tcp.stop();
    tls?.stop();
    await broker.stop();
  }

  function health(): PartHealth[] {
    return [partOf('MQTT broker', tcp), ...(tls ? [partOf('MQTT over TLS', tls)] : [])];
  }

  return {
    name: 'MQTT broker',
    start,
    stop,
    health,
    metrics: () => samples(broker),
    broker,
    webSocket,
    ports: () => ({ tcp: tcp.port, tls: tls?.port ?? 0 }),
    database: () => broker.database(),
  };
}

function partOf(part: string, listener: TcpListener): PartHealth {
  return listener.problem === null ? { part, state: 'ok' } : { part, state: 'broken', message: listener.problem };
}

function samples(broker: EmbeddedBroker): MetricSample[] {
  const { received, sent, dropped, refused, connections, failedLogins } = broker.counters;
  const { sessions, retained, queued, underWayBytes } = broker.state();
  const counter = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'counter', value });
  const gauge = (name: string, help: string, value: number): MetricSample => ({ name, help, type: 'gauge', value });
  return [
    counter('ampra_mqtt_received_messages_total', 'Publications received.', received),
    counter('ampra_mqtt_sent_messages_total', 'Publications sent to subscribers.', sent),
    counter(
      'ampra_mqtt_dropped_messages_total',
      'Publications not delivered: queue or socket full, too large.',
      dropped,
    ),
    counter('ampra_mqtt_refused_messages_total', 'Publications to topics where the client may not publish.', refused),
    counter('ampra_mqtt_connections_total', 'Connections accepted.', connections),
    counter('ampra_mqtt_failed_logins_total', 'Logins refused.', failedLogins),
    gauge('ampra_mqtt_clients', 'Clients connected.', broker.clients().length),
    gauge('ampra_mqtt_sessions', 'Sessions, of connected clients and kept ones.', sessions),
    gauge('ampra_mqtt_retained_messages', 'Retained messages.', retained),
    gauge('ampra_mqtt_queued_messages', 'Publications waiting for their subscriber.', queued),
    gauge('ampra_mqtt_receiving_bytes', 'Publications waiting for their commit, bytes.', underWayBytes),
  ];
}
