/** Directions from north, clockwise. */
export const directions = [
  'north',
  'north-east',
  'east',
  'south-east',
  'south',
  'south-west',
  'west',
  'north-west',
] as const;

/** Between two of them, degrees. */
export const DIRECTION_DEG = 360 / directions.length;
