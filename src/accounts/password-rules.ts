import { isCommonPassword } from './common-passwords.ts';

export const shortestPassword = 10;
/** argon2 takes any length, a request should not. */
export const longestPassword = 200;

/**
 * What is wrong with a new password, as a sentence; undefined when nothing is. Length and not being guessable count;
 * rules about kinds of characters do not (NIST SP 800-63B, 5.1.1.2).
 */
export function passwordProblem(password: string, about: { email?: string; name?: string } = {}): string | undefined {
  const length = [...password].length;
  if (length === 0) return 'Choose a password.';
  if (length < shortestPassword) return `Use at least ${shortestPassword} characters; a few words in a row are fine.`;
  if (length > longestPassword) return `Use at most ${longestPassword} characters.`;
  if (isCommonPassword(password))
    return 'This is one of the first that anybody would try. A few unrelated words are better.';
  if (isAboutPerson(password, about)) return 'Your name or e-mail address is too easy to guess as a password.';
  return undefined;
}

/** The same characters are the same password on every keyboard and system (NFC; RFC 8265, 4.2). */
export function normalisedPassword(password: string): string {
  return password.normalize('NFC');
}

function isAboutPerson(password: string, { email, name }: { email?: string; name?: string }): boolean {
  const core = lettersOf(password);
  const words = [email, email?.split('@')[0], email?.split('@')[1], name].map((w) => lettersOf(w ?? ''));
  return core !== '' && words.some((word) => word.length > 2 && (word === core || word + word === core));
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}]/gu, '');
}
