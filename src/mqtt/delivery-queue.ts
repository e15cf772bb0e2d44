import type { Delivery } from './delivery.ts';

/** What waits for its first sending, in order; taking the first costs the same however long it is. */
export class DeliveryQueue {
  private items: Delivery[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  push(delivery: Delivery): void {
    this.items.push(delivery);
  }

  /** The first one, which then no longer waits. */
  take(): Delivery | undefined {
    const delivery = this.items[this.head];
    if (delivery) this.head++;
    if (this.head > 256 && this.head * 2 > this.items.length) this.replace(this.all());
    return delivery;
  }

  all(): Delivery[] {
    return this.items.slice(this.head);
  }

  replace(deliveries: Delivery[]): void {
    this.items = deliveries;
    this.head = 0;
  }
}
