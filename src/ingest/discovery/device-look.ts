import { numberOf, quantityOf } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import { asObject } from '../payload/message-view.ts';

const DEEPEST = 4;
const MOST_FOUND = 200;

/** A number somewhere in a message: `''` for the payload itself, else names joined by dots (`ENERGY.Power`, `a[0]`). */
export interface FoundNumber {
  path: string;
  value: number;
  /** What stands behind it (`12 W`); '' for nothing. */
  unit: string;
}

/** Every number that a message holds; none when it is neither a number, perhaps with its unit, nor JSON with one. */
export function numbersIn(message: MessageView): FoundNumber[] {
  const { json, text } = message;
  const found: FoundNumber[] = [];
  if (json !== null) walk(json, '', 0, found);
  else if (text?.startsWith('[')) walk(parsed(text), '', 0, found);
  else {
    const number = numberAt('', text);
    if (number !== null) found.push(number);
  }
  return found;
}

/** True when somebody measures something here, as far as one can see without knowing the device. */
export function looksMeasured(message: MessageView): boolean {
  return message.payload.length > 0 && numbersIn(message).length > 0;
}

function walk(value: unknown, path: string, depth: number, found: FoundNumber[]): void {
  if (found.length >= MOST_FOUND || depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const [i, item] of value.slice(0, 16).entries()) walk(item, `${path}[${i}]`, depth + 1, found);
    return;
  }
  const object = asObject(value);
  if (object) {
    for (const [name, item] of Object.entries(object)) {
      if (/^[^.[\]]{1,64}$/.test(name)) walk(item, path === '' ? name : `${path}.${name}`, depth + 1, found);
    }
    return;
  }
  const number = path === '' ? null : numberAt(path, value);
  if (number !== null) found.push(number);
}

/** A number as it is, or a text of one with its unit. */
function numberAt(path: string, raw: unknown): FoundNumber | null {
  const value = numberOf(raw);
  if (value !== null) return { path, value, unit: '' };
  const quantity = quantityOf(raw);
  return quantity && { path, value: quantity.value, unit: quantity.unit };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
