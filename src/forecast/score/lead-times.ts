/** Times between a forecast's issue and what it speaks of, by which errors are told apart. */
export interface LeadTime {
  fromH: number;
  toH: number;
  label: string;
}

const lead = (fromH: number, toH: number, label: string): LeadTime => ({ fromH, toH, label });

/** Their numbers are kept with the scores: new ones go to the end. */
export const leadTimes: readonly LeadTime[] = [
  lead(0, 1, 'within the hour'),
  lead(1, 3, '1 to 3 h'),
  lead(3, 6, '3 to 6 h'),
  lead(6, 12, '6 to 12 h'),
  lead(12, 24, '12 to 24 h'),
  lead(24, 48, '2 days'),
  lead(48, 72, '3 days'),
  lead(72, 96, '4 days'),
  lead(96, 120, '5 days'),
  lead(120, 144, '6 days'),
  lead(144, 168, '7 days'),
];

/** Number of the lead time that holds so many hours; -1 when none does. */
export const leadOf = (hours: number): number => leadTimes.findIndex(({ fromH, toH }) => hours >= fromH && hours < toH);
