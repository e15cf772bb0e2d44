import { days, hasPassed } from '../../core/durations.ts';

const SILENT_MS = days(1);

/** Which of several things that say the same is meant: the one that was heard first, until it has been silent for a day. */
export class LeadingName {
  private name = '';
  private at = Number.NEGATIVE_INFINITY;

  isLeading(name: string, at: number): boolean {
    if (name !== this.name && !hasPassed(this.at, SILENT_MS, at)) return false;
    this.name = name;
    this.at = at;
    return true;
  }
}
