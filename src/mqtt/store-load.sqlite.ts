import type { Database } from 'bun:sqlite';
import type { Delivery } from './delivery.ts';
import type { Message } from './message.ts';
import type { Principal } from './ports.ts';
import type { StoredState, StoredWill } from './stored-state.ts';
import type { Subscription } from './subscription.ts';

interface DeliveryRow {
  session_id: string;
  seq: number;
  topic: string;
  payload: Uint8Array;
  qos: 1 | 2;
  retain: number;
  properties: Uint8Array | null;
  subscription_ids: string | null;
  expires_at_ms: number | null;
  packet_id: number;
  state: Delivery['state'];
}
interface SessionRow {
  id: string;
  client_id: string;
  space: string;
  principal: string;
  subscriptions: string;
  expiry_s: number;
  detached_at_ms: number | null;
}
interface RetainedRow {
  space: string;
  topic: string;
  payload: Uint8Array;
  qos: 0 | 1 | 2;
  properties: Uint8Array | null;
  expires_at_ms: number | null;
}
interface WillRow extends Omit<RetainedRow, 'expires_at_ms'> {
  session_id: string;
  client_id: string;
  principal: string;
  retain: number;
  message_expiry_s: number | null;
  delay_s: number;
}

/** Reads back what was kept. */
export function loadState(db: Database): StoredState {
  const deliveries = Map.groupBy(
    db.query<DeliveryRow, []>('SELECT * FROM deliveries ORDER BY session_id, seq').all(),
    (r) => r.session_id,
  );
  const incoming = Map.groupBy(
    db.query<{ session_id: string; packet_id: number }, []>('SELECT * FROM incoming').all(),
    (r) => r.session_id,
  );
  const sessions = db.query<SessionRow, []>('SELECT * FROM sessions').all();
  return {
    sessions: sessions.map((r) => ({
      id: r.id,
      clientId: r.client_id,
      space: r.space,
      principal: JSON.parse(r.principal) as Principal,
      subscriptions: JSON.parse(r.subscriptions) as Subscription[],
      expiryS: r.expiry_s,
      detachedAt: r.detached_at_ms,
      deliveries: (deliveries.get(r.id) ?? []).map(deliveryOf),
      incoming: (incoming.get(r.id) ?? []).map((i) => i.packet_id),
    })),
    retained: db.query<RetainedRow, []>('SELECT * FROM retained').all().map(retainedOf),
    wills: db.query<WillRow, []>('SELECT * FROM wills').all().map(willOf),
  };
}

function deliveryOf(r: DeliveryRow): Delivery {
  return {
    seq: r.seq,
    message: {
      topic: r.topic,
      payload: r.payload,
      qos: r.qos,
      retain: r.retain === 1,
      properties: r.properties,
      expiresAt: r.expires_at_ms,
      publisher: null,
    },
    qos: r.qos,
    retain: r.retain === 1,
    subscriptionIds: r.subscription_ids === null ? null : (JSON.parse(r.subscription_ids) as number[]),
    packetId: r.packet_id,
    state: r.state,
    isStored: true,
    isDone: false,
  };
}

function retainedOf(r: RetainedRow): { space: string; message: Message } {
  const { topic, payload, qos, properties } = r;
  const message = { topic, payload, qos, retain: true, properties, expiresAt: r.expires_at_ms, publisher: null };
  return { space: r.space, message };
}

function willOf(r: WillRow): StoredWill {
  return {
    sessionId: r.session_id,
    clientId: r.client_id,
    space: r.space,
    principal: JSON.parse(r.principal) as Principal,
    topic: r.topic,
    payload: r.payload,
    qos: r.qos,
    retain: r.retain === 1,
    properties: r.properties,
    messageExpiryS: r.message_expiry_s,
    delayS: r.delay_s,
  };
}
