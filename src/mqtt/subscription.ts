/** How a session subscribed to a filter. */
export interface Subscription {
  filter: string;
  group: string | null;
  qos: 0 | 1 | 2;
  noLocal: boolean;
  retainAsPublished: boolean;
  retainHandling: 0 | 1 | 2;
  subscriptionId: number | null;
}
