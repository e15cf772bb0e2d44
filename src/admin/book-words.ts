import type { BookCheck } from '../telemetry/books/book-check.ts';
import { remakingWords } from '../telemetry/remaking-words.ts';
import type { Finding } from './finding.ts';

const NAMED_PROBLEMS = 3;

/** What the doctor says of the energy and the charts of each source. */
export function bookWords(checks: readonly (BookCheck & { source: string })[]): Finding[] {
  return checks.map(({ source, days, problems, isWaiting, remadeShare }): Finding => {
    const what = `figures of ${source}`;
    if (remadeShare !== undefined) return { what, state: 'warn', text: remakingWords([remadeShare]) };
    if (isWaiting) return { what, state: 'warn', text: 'are being worked out anew: ask again when that is done' };
    const sample =
      days === 1 ? '1 day worked out anew from its readings' : `${days} days worked out anew from their readings`;
    if (problems.length === 0)
      return { what, state: 'good', text: days === 0 ? 'nothing is booked yet' : `${sample}: all agree` };
    const named = problems.slice(0, NAMED_PROBLEMS).join('; ');
    const more = problems.length > NAMED_PROBLEMS ? ` and ${problems.length - NAMED_PROBLEMS} more` : '';
    return { what, state: 'bad', text: `${sample}: ${named}${more}. Work everything out anew with doctor --rebook` };
  });
}
