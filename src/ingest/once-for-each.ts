/** Names of devices are short; what is longer is worked out each time and not kept. */
const LONGEST = 200;

/**
 * The same function, worked out once for each text: devices say the same names again and again. Forgets everything when it
 * knows `most` of them, so that names without end cost time, never memory.
 */
export function onceForEach<T>(most: number, work: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (text.length > LONGEST) return work(text);
    const found = known.get(text);
    if (found !== undefined || known.has(text)) return found as T;
    if (known.size >= most) known.clear();
    const result = work(text);
    known.set(text, result);
    return result;
  };
}
