import type { AnnouncedValue } from './announcements.ts';

/** What an entity says about itself; texts in lower case, words parted by single spaces. */
export interface EntityDescription {
  /** Names, ids and topics of the entity itself, most telling first. */
  words: string;
  /** Name, maker and model of the device. */
  device: string;
  unit: string;
  deviceClass: string;
  stateClass: string;
  /** True where a battery's value is wanted too whose sign nobody knows. */
  takesOpen?: boolean;
}

/** What of the catalogue it is. */
export type Meaning = Pick<AnnouncedValue, 'metric' | 'factor' | 'side' | 'part' | 'sign' | 'isOfMeter'>;
