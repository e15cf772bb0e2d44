export interface BodyBudgetOptions {
  /** Bytes of bodies under way at once, of everybody and of one address. */
  total: number;
  ofOne: number;
}

/** What request bodies that are under way may fill of the memory, together and from one address. */
export class BodyBudget {
  private used = 0;
  private readonly usedBy = new Map<string, number>();

  constructor(private readonly options: BodyBudgetOptions) {}

  /** False when so much more is too much now. One body of any size is always let in while nothing else is under way. */
  take(address: string, bytes: number): boolean {
    const own = this.usedBy.get(address) ?? 0;
    const { total, ofOne } = this.options;
    if ((this.used > 0 && this.used + bytes > total) || (own > 0 && own + bytes > ofOne)) return false;
    this.used += bytes;
    this.usedBy.set(address, own + bytes);
    return true;
  }

  giveBack(address: string, bytes: number): void {
    this.used -= bytes;
    const left = (this.usedBy.get(address) ?? 0) - bytes;
    if (left > 0) this.usedBy.set(address, left);
    else this.usedBy.delete(address);
  }
}
