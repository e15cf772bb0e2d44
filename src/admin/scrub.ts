/**
 * Takes out of a text what may be a secret or names a person: for what leaves the house in a diagnostics bundle. It
 * rather hides too much: any opaque run of characters goes, whatever it was.
 */
export function scrub(text: string): string {
  return text
    .replace(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, HIDDEN)
    .replace(/:\/\/[^/\s@"']+@/g, `://${HIDDEN}@`)
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, `$1 ${HIDDEN}`)
    .replace(NAMED_SECRET, (found, name: string, sign: string) => {
      const quote = found.at(-1) === '"' && found[name.length + sign.length] === '"' ? '"' : '';
      return `${name}${sign}${quote}${HIDDEN}${quote}`;
    })
    .replace(/[\w.+-]+@([\w-]+\.)+[\w-]+/g, (address) => `${address[0]}***@${address.slice(address.indexOf('@') + 1)}`)
    .replace(/[A-Za-z0-9_+/=-]{20,}/g, hideOpaque);
}

const HIDDEN = '[hidden]';

/** `password: x`, `"apiKey":"x"`, `secret=x`. */
const NAMED_SECRET =
  /((?:pass(?:word|wd)?|pwd|secret|token|api[-_ ]?key|private[-_ ]?key|authorization|cookie|signature)["']?)(\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;}"']+)/gi;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

/** Ids stay, for they lead to the fault; words, paths and metric names stay. What mixes letters and digits goes. */
function hideOpaque(run: string): string {
  const rest = run.replace(UUID, '');
  if (rest.length < 20) return run;
  const digits = rest.replace(/\D/g, '').length;
  return digits >= 3 ? HIDDEN : run;
}
