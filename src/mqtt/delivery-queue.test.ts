import { expect, test } from 'bun:test';
import { newDelivery } from './delivery.ts';
import { DeliveryQueue } from './delivery-queue.ts';

const message = {
  topic: 't',
  payload: new Uint8Array(),
  qos: 1,
  retain: false,
  properties: null,
  expiresAt: null,
  publisher: null,
} as const;
const delivery = (seq: number) => newDelivery(seq, message, { qos: 1, retain: false, subscriptionIds: null });

test('what waits is taken in order, also past the point where the list is cut', () => {
  const queue = new DeliveryQueue();
  for (let seq = 1; seq <= 1000; seq++) queue.push(delivery(seq));
  for (let seq = 1; seq <= 700; seq++) expect(queue.take()?.seq).toBe(seq);
  queue.push(delivery(1001));
  expect(queue.size).toBe(301);
  expect(queue.all().map((d) => d.seq)).toEqual(Array.from({ length: 301 }, (_, i) => 701 + i));
  for (let seq = 701; seq <= 1001; seq++) expect(queue.take()?.seq).toBe(seq);
  expect(queue.take()).toBeUndefined();
  expect(queue.size).toBe(0);
});
