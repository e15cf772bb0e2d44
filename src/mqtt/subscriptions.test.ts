import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Session } from './session.ts';
import type { Subscription } from './subscription.ts';
import { SubscriptionTree } from './subscriptions.ts';
import { matches } from './topics.ts';

const session = (id: string) => ({ id }) as Session;
const subscription = (filter: string, more: Partial<Subscription> = {}): Subscription => ({
  ...{ filter, group: null, qos: 0, noLocal: false },
  ...{ retainAsPublished: false, retainHandling: 0, subscriptionId: null },
  ...more,
});

test('the tree finds exactly what matching each filter finds, also after removals', () => {
  const filter = fc
    .tuple(fc.array(fc.constantFrom('a', 'b', '+', ''), { minLength: 1, maxLength: 3 }), fc.boolean())
    .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'));
  const topic = fc.array(fc.constantFrom('a', 'b', '', '$x'), { minLength: 1, maxLength: 4 }).map((l) => l.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(filter, { maxLength: 8 }), fc.array(fc.boolean()), topic, (filters, keep, t) => {
      const tree = new SubscriptionTree();
      const all = filters.map((f, i) => ({
        session: session(String(i)),
        subscription: subscription(f),
        isKept: keep[i],
      }));
      for (const s of all) tree.add(s.session, s.subscription);
      tree.audience(t);
      for (const s of all) if (!s.isKept) tree.remove(s.session, s.subscription);
      const expected = all.filter((s) => s.isKept && matches(s.subscription.filter, t)).map((s) => s.session.id);
      expect(
        tree
          .audience(t)
          .recipients.map((r) => r.session.id)
          .sort(),
      ).toEqual(expected.sort());
      expect(tree.size).toBe(all.filter((s) => s.isKept).length);
    }),
    { numRuns: 1000 },
  );
});

test('overlapping subscriptions of a session are one recipient with the highest QoS', () => {
  const tree = new SubscriptionTree();
  const one = session('one');
  tree.add(one, subscription('a/#', { qos: 2, subscriptionId: 5, noLocal: true }));
  tree.add(one, subscription('a/+', { qos: 1, subscriptionId: 6 }));
  const terms = { session: one, retainAsPublished: false };
  expect(tree.audience('a/b').recipients).toEqual([
    { ...terms, qos: 2, subscriptionIds: [5, 6], own: { ...terms, qos: 1, subscriptionIds: [6] } },
  ]);
});
