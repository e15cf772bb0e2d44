import type { Viewer } from '../accounts/viewer.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { PriceHistory, PriceStore, SourceDirectory } from './ports.ts';
import { type Price, type PriceInput, readPrice } from './price.ts';

/** Most price changes one source may have: one a day for ten years. */
export const MAX_PRICES_PER_SOURCE = 3660;

/** What a kWh cost and earned over time, source by source. Kept in memory like the sources. */
export class Prices implements PriceHistory {
  private readonly bySource = new Map<string, Price[]>();
  constructor(private readonly deps: { store: PriceStore; directory: SourceDirectory }) {}

  /** Fills the memory at start, and forgets with the sources from then on. */
  load(): void {
    for (const { sourceId, price } of this.deps.store.loadAll()) this.place(sourceId, price);
    this.deps.directory.onChange(({ kind, source }) => {
      if (kind === 'deleted') this.bySource.delete(source.id);
    });
  }

  pricesOf(sourceId: string): readonly Price[] {
    return this.bySource.get(sourceId) ?? [];
  }

  list(viewer: Viewer, sourceId: string): Result<readonly Price[]> {
    const found = this.deps.directory.findFor(viewer, sourceId);
    return found.ok ? ok(this.pricesOf(sourceId)) : found;
  }

  /** Adds a price, or replaces the one of the same first day. */
  put(viewer: Viewer, sourceId: string, input: PriceInput): Result<Price> {
    const found = this.deps.directory.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const price = readPrice(input, found.value.currency);
    if (!price.ok) return price;
    if (this.pricesOf(sourceId).length >= MAX_PRICES_PER_SOURCE)
      return refuse('conflict', `This source has ${MAX_PRICES_PER_SOURCE} prices, as many as there may be.`);
    this.deps.store.put(sourceId, price.value);
    this.place(sourceId, price.value);
    return price;
  }

  remove(viewer: Viewer, sourceId: string, effectiveFrom: string): Result<Price> {
    const found = this.deps.directory.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const price = this.pricesOf(sourceId).find((p) => p.effectiveFrom === effectiveFrom);
    if (!price) return refuse('not_found', 'There is no price from that day on.');
    this.deps.store.remove(sourceId, effectiveFrom);
    this.bySource.set(
      sourceId,
      this.pricesOf(sourceId).filter((p) => p !== price),
    );
    return ok(price);
  }

  private place(sourceId: string, price: Price): void {
    const others = this.pricesOf(sourceId).filter((p) => p.effectiveFrom !== price.effectiveFrom);
    this.bySource.set(
      sourceId,
      [...others, price].sort((a, b) => (a.effectiveFrom < b.effectiveFrom ? -1 : 1)),
    );
  }
}
