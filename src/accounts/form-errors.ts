import type { Refusal } from '../core/result.ts';

/** What a form shows after a refusal: a sentence about the whole, and one at each field at fault. */
export interface FormErrors {
  whole?: string;
  fields: Readonly<Record<string, string>>;
}

export const noErrors: FormErrors = { fields: {} };

/** Sets a refusal's sentences where they belong; what names no field of the form stands above it. */
export function formErrors(refusal: Refusal): FormErrors {
  const named = refusal.fields ?? (refusal.field ? [{ field: refusal.field, message: refusal.message }] : []);
  const fields = Object.fromEntries(named.map(({ field, message }) => [field, message]));
  const hint = refusal.hint ? ` ${refusal.hint}` : '';
  if (named.length === 0) return { whole: `${refusal.message}${hint}`, fields };
  return refusal.hint ? { whole: refusal.hint, fields } : { fields };
}
