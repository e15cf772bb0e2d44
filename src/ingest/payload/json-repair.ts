/** Longer ones are not worth a second look. */
const LONGEST = 16 * 1024;
/** Texts, commas before an end, and words that JSON does not know; all other text stays as it is. One without an end goes to the end. */
const ODD =
  /"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|'((?:[^'\\]|\\[\s\S])*)(?:'|\\?$)|,(?=\s*[}\]])|:(?=\s*[,}])|-?\b(?:NaN|nan|Infinity|inf|None|undefined)\b|\bTrue\b|\bFalse\b/g;

/**
 * What almost is JSON: numbers that are none (`NaN`, as Python and C write them), Python's own way to show a dictionary
 * (`{'a': 1, 'b': None}`), a comma before the end. Undefined where it is something else.
 */
export function almostJson(text: string): unknown {
  if (text.length > LONGEST) return undefined;
  const plain = text.replace(ODD, (found, inner: string | undefined) => {
    if (found.startsWith('"')) return found;
    if (inner !== undefined) return JSON.stringify(inner.replaceAll("\\'", "'"));
    if (found === ',') return '';
    if (found === ':') return ':null';
    return found === 'True' ? 'true' : found === 'False' ? 'false' : 'null';
  });
  if (plain === text) return undefined;
  try {
    return JSON.parse(plain);
  } catch {
    return undefined;
  }
}
