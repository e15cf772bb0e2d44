/**
 * Text for a terminal: line breaks and tabs stay, other control characters are shown and not obeyed. What devices and
 * files say (client ids, column names) would else move the cursor, change colours or write lines that nobody wrote.
 */
export function forTerminal(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what this is about
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, shown);
}

/** The same for one line: breaks are shown too. */
export function forOneLine(text: string): string {
  return forTerminal(text).replace(/[\n\t]/g, shown);
}

function shown(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
