/** A topic with `+` for any one level and `{name}` for one whose value counts; `#` at the end for all that follow. */
export interface TopicPattern {
  readonly text: string;
  readonly levels: readonly string[];
}

const MOST_LEVELS = 32;
const LONGEST = 1024;

/** Reads a pattern, or says why not. */
export function parsePattern(text: string): TopicPattern | string {
  if (text === '' || text.length > LONGEST) return `must have 1 to ${LONGEST} characters`;
  const levels = text.split('/');
  if (levels.length > MOST_LEVELS) return `must have at most ${MOST_LEVELS} levels`;
  for (const [i, level] of levels.entries()) {
    if (level === '+' || /^\{\w{1,32}\}$/.test(level) || (level === '#' && i === levels.length - 1)) continue;
    if (/[+#{}]/.test(level)) return 'may have +, {name} or # only as a whole level, and # only at its end';
  }
  return { text, levels };
}

/** The captured levels, joined; null when the topic does not fit. */
export function matchPattern({ levels }: TopicPattern, topic: readonly string[]): string | null {
  let captured = '';
  for (let i = 0; i < levels.length; i++) {
    const level = levels[i] ?? '';
    if (level === '#') return captured;
    const actual = topic[i];
    if (actual === undefined) return null;
    if (level.startsWith('{')) captured = captured === '' ? actual : `${captured}/${actual}`;
    else if (level !== '+' && level !== actual) return null;
  }
  return topic.length === levels.length ? captured : null;
}
