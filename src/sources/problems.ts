import { ok, type Result, refuse } from '../core/result.ts';

/** Gathers what is wrong, so that a person hears of everything at once. */
export class Problems {
  private readonly found: { field: string; message: string }[] = [];

  add(field: string, message: string): void {
    this.found.push({ field, message });
  }

  /** The value, or one refusal that names each field at fault. */
  or<T>(value: () => T): Result<T> {
    const first = this.found[0];
    if (!first) return ok(value());
    const others = this.found.length > 1 ? `, and ${this.found.length - 1} more` : '';
    return refuse('invalid', `${first.field} ${first.message}${others}.`, { field: first.field, fields: this.found });
  }
}
