import { asObject } from './message-view.ts';

/** A place in JSON: names and indices. `ENERGY.Power`, `phases[0].p`, `['a.b'].c`, with or without `$.` before it. */
export type JsonPath = readonly (string | number)[];

const LONGEST = 256;
const STEP = /^(?:\.?([^.[\]'"]+)|\[(\d{1,4})\]|\[(?:'([^']*)'|"([^"]*)")\])/;

/** Reads a path; `''` is the whole payload. Null when it is not well-formed. */
export function parsePath(text: string): JsonPath | null {
  let rest = text.trim().replace(/^\$(?=\.|\[|$)/, '');
  if (rest.length > LONGEST) return null;
  const path: (string | number)[] = [];
  while (rest !== '') {
    const step = STEP.exec(rest);
    if (!step || (path.length === 0 && text.startsWith('.'))) return null;
    const [whole, name, index, single, double] = step;
    path.push(index !== undefined ? Number(index) : (name ?? single ?? double ?? ''));
    rest = rest.slice(whole.length);
  }
  return path;
}

/** What stands there; undefined when there is nothing. */
export function valueAt(root: unknown, path: JsonPath): unknown {
  let value = root;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else {
      const object = asObject(value);
      value = object && Object.hasOwn(object, step) ? object[step] : undefined;
    }
    if (value === undefined) return undefined;
  }
  return value;
}
