/** What can move a forecast; the number of a topic is kept with forecasts: new ones go to the end. */
export const reasonTopics = [
  'light',
  'clouds',
  'temperature',
  'humidity',
  'rain and snow',
  'wind and pressure',
  'recent days',
  'recent performance',
  'last hours',
  'sun',
  'time of day',
  'day of the week',
] as const;

export type ReasonTopic = (typeof reasonTopics)[number];

/** Something that moved a forecast away from the usual, W; negative when it lowered it. */
export interface ForecastReason {
  topic: ReasonTopic;
  effectW: number;
}
