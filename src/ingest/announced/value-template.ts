import { asObject } from '../payload/message-view.ts';

/**
 * The part of Home Assistant's value templates that devices use: `{{ value }}`, `{{ value_json.a.b }}`,
 * `{{ value_json['a'][0] }}`, filters `float`, `int`, `round`, `abs`, `default`, `is_defined`, `multiply`, and `*`, `/`,
 * `+`, `-` with a number. Anything else makes no template, and the entity is not read.
 */
export interface ValueTemplate {
  /** Null: the payload itself; else the path into the JSON payload. */
  path: readonly (string | number)[] | null;
  factor: number;
  offset: number;
  isAbsolute: boolean;
}

const IDENTITY: ValueTemplate = { path: null, factor: 1, offset: 0, isAbsolute: false };
const LONGEST = 300;
const STEP = /^(?:\.([A-Za-z_]\w*)|\[\s*'([^']*)'\s*\]|\[\s*"([^"]*)"\s*\]|\[\s*(\d{1,3})\s*\])/;
const FILTER = /^\s*\|\s*(float|int|round|abs|default|is_defined|multiply|string)\s*(?:\(([^()]*)\))?/;
const ARITHMETIC = /^\s*([*/+-])\s*(?:(\d+(?:\.\d+)?)|\(?\s*(-\d+(?:\.\d+)?)\s*\)?)/;

/** Null when the template says more than is understood. */
export function parseTemplate(template: unknown): ValueTemplate | null {
  if (template === undefined || template === null || template === '') return IDENTITY;
  if (typeof template !== 'string' || template.length > LONGEST) return null;
  const inner = /^\s*\{\{-?([\s\S]*?)-?\}\}\s*$/.exec(template)?.[1]?.trim();
  if (inner === undefined || inner.includes('{{')) return null;
  const bare = unwrap(inner);
  const start = /^(value_json|value)\b/.exec(bare)?.[0];
  if (start === undefined) return null;
  let rest = bare.slice(start.length);
  const path: (string | number)[] = [];
  for (let step = STEP.exec(rest); step; step = STEP.exec(rest)) {
    path.push(step[4] !== undefined ? Number(step[4]) : (step[1] ?? step[2] ?? step[3] ?? ''));
    rest = rest.slice(step[0].length);
  }
  if (start === 'value' && path.length > 0) return null;
  return readRest({ ...IDENTITY, path: start === 'value' ? null : path }, rest);
}

/** `(value_json.x | float * 0.1) | round(1)`: one pair of brackets around the front says nothing more. */
function unwrap(text: string): string {
  const match = /^\(\s*((?:value_json|value)[^()]*(?:\([^()]*\)[^()]*)*)\)([\s\S]*)$/.exec(text);
  return match ? `${match[1]?.trimEnd()}${match[2]}` : text;
}

function readRest(template: ValueTemplate, text: string): ValueTemplate | null {
  let rest = text;
  while (rest.trim() !== '') {
    const filter = FILTER.exec(rest);
    const sum = filter ? null : ARITHMETIC.exec(rest);
    if (filter) {
      if (filter[1] === 'abs') template.isAbsolute = true;
      if (filter[1] === 'multiply') {
        const by = Number(filter[2]);
        if (!Number.isFinite(by) || by === 0) return null;
        template.factor *= by;
        template.offset *= by;
      }
      rest = rest.slice(filter[0].length);
    } else if (sum) {
      const number = Number(sum[2] ?? sum[3]);
      if (sum[1] === '*' || sum[1] === '/') {
        // What was made an amount before is none any more.
        if (number === 0 || (number < 0 && template.isAbsolute)) return null;
        const by = sum[1] === '*' ? number : 1 / number;
        template.factor *= by;
        template.offset *= by;
      } else template.offset += sum[1] === '+' ? number : -number;
      rest = rest.slice(sum[0].length);
    } else return null;
  }
  return template;
}

/** What the template picks out of a payload, before factor and offset. */
export function pick(template: ValueTemplate, text: string, json: () => unknown): unknown {
  if (template.path === null) return text;
  let at: unknown = json();
  for (const step of template.path) {
    if (Array.isArray(at)) at = typeof step === 'number' ? at[step] : undefined;
    else at = Object.hasOwn(asObject(at) ?? {}, step) ? asObject(at)?.[step] : undefined;
  }
  return at;
}
