import type { DeviceCase, Mishap } from './device-cases.ts';

/** Made-up devices of which something else was booked once than flowed, kept so that it stays mended. */

interface Facts {
  /** Of a total, a daily counter and a power, and in which steps [kWh] it says these each so many minutes. */
  shows: string;
  resolution: number;
  minutes: number;
  /** Minutes since the start, and how many: "1208+282 2935+113". */
  gaps?: string;
  resets?: number[];
  /** The same with the number of readings: "3057+4 wh, 6956+5 sentinel". */
  mishaps?: string;
  dailyReset?: DeviceCase['dailyReset'];
  unit?: DeviceCase['unit'];
  capacityW?: number;
}

const numbers = (text: string): [number, number] => text.split('+').map(Number) as [number, number];
const split = (text: string, by: string): string[] => (text === '' ? [] : text.split(by));

function device(seed: number, zone: DeviceCase['place'][0], firstDay: string, of: Facts): DeviceCase {
  const { shows, gaps = '', mishaps = '', resets = [], dailyReset = 'wake', unit = 'kWh', capacityW = null } = of;
  return {
    ...{ seed, place: [zone, Date.parse(firstDay)], minutes: of.minutes, resolution: of.resolution },
    ...{ resets, dailyReset, unit, capacityW },
    shows: { total: shows.includes('total'), daily: shows.includes('daily'), power: shows.includes('power') },
    gaps: split(gaps, ' ').map((gap) => {
      const [from, minutes] = numbers(gap);
      return { from, minutes };
    }),
    mishaps: split(mishaps, ', ').map((mishap) => {
      const [when = '', kind] = mishap.split(' ');
      const [at, count] = numbers(when);
      return { at, count, kind: kind as Mishap };
    }),
  };
}

export const foundDevices: readonly [words: string, of: DeviceCase][] = [
  [
    'a total that after a silence is read in Wh, too, and then shows Wh for some minutes',
    device(723866, 'UTC', '2026-06-20', {
      ...{ shows: 'total daily power', resolution: 0.1, minutes: 1 },
      ...{ gaps: '1208+282 2935+113', mishaps: '3057+4 wh, 6956+5 sentinel', dailyReset: 'utc', capacityW: 5000 },
    }),
  ],
  [
    'panels whose total shows Wh in two nights',
    device(742068, 'Asia/Kolkata', '2026-11-10', {
      ...{ shows: 'total daily', resolution: 0.1, minutes: 5 },
      ...{ gaps: '4605+400', mishaps: '4220+3 wh, 4389+4 wh', capacityW: 5000 },
    }),
  ],
  [
    'a total that begins anew, shows zero for hours and counts in a silence',
    device(999982, 'America/Los_Angeles', '2026-10-30', {
      ...{ shows: 'total power', resolution: 0.01, minutes: 5 },
      ...{ gaps: '477+47 4457+27', resets: [65], mishaps: '213+3 sentinel' },
    }),
  ],
  [
    'daily counters by the clock of Greenwich, silent at midnight on the day on which clocks change',
    device(999985, 'Europe/Berlin', '2026-03-27', {
      ...{ shows: 'daily power', resolution: 0.1, minutes: 3 },
      ...{ gaps: '4173+142', resets: [3833, 6136], mishaps: '432+3 stale', dailyReset: 'utc' },
    }),
  ],
  [
    'a total that shows Wh twice while nothing flows',
    device(869824, 'UTC', '2026-06-20', {
      ...{ shows: 'total power', resolution: 0.001, minutes: 3 },
      ...{ gaps: '545+186 4932+133 573+407', mishaps: '1739+5 wh, 1931+5 wh', dailyReset: 'midnight' },
    }),
  ],
  [
    'a daily counter that is on trial since midnight when a silence begins',
    device(568499, 'Asia/Kolkata', '2026-11-10', {
      ...{ shows: 'daily power', resolution: 0.01, minutes: 1 },
      ...{ gaps: '4735+379 1698+381 5523+230', mishaps: '238+1 wh', dailyReset: 'midnight' },
    }),
  ],
  [
    'a total that shows zero from its new beginning to a silence, and then more than before',
    device(13, 'Europe/Berlin', '2026-03-27', {
      ...{ shows: 'total power', resolution: 0.01, minutes: 5 },
      ...{ gaps: '6178+167', resets: [5207, 6018], mishaps: '7128+4 wh, 42+1 wh, 42+3 sentinel' },
    }),
  ],
  [
    'a total that after a new beginning, zeros and a silence shows nearly what it had shown',
    device(564237, 'Asia/Kolkata', '2026-11-10', {
      ...{ shows: 'total daily power', resolution: 0.001, minutes: 5 },
      ...{ gaps: '1911+400 911+121 3474+77', resets: [60, 1123], dailyReset: 'midnight' },
    }),
  ],
  [
    'a total after whose silence nothing but a thousandth of a Wh flows to the end',
    device(6, 'UTC', '2026-06-20', {
      ...{ shows: 'total power', resolution: 0.001, minutes: 1 },
      ...{ gaps: '6594+304 42+206', mishaps: '3491+2 dip', dailyReset: 'utc' },
    }),
  ],
  [
    'a total that shows Wh when a silence begins, and the same in kWh after it',
    device(12, 'Europe/Berlin', '2026-03-27', {
      ...{ shows: 'total', resolution: 0.1, minutes: 5 },
      ...{ gaps: '4197+288', resets: [6503], mishaps: '4188+3 wh', dailyReset: 'utc' },
    }),
  ],
  [
    'a daily counter that begins anew one reading before a silence',
    device(6, 'Europe/Berlin', '2026-10-23', {
      ...{ shows: 'daily power', resolution: 0.001, minutes: 3 },
      ...{ gaps: '5483+96 214+393 5426+104', mishaps: '40+2 wh' },
    }),
  ],
  [
    'a display of Wh below 1 kWh that begins anew in a silence, after which nothing flows for a night',
    device(715807, 'Pacific/Chatham', '2026-09-25', {
      ...{ shows: 'daily power', resolution: 0.1, minutes: 5 },
      ...{
        gaps: '1004+163 3379+316 1434+260',
        resets: [87, 4901],
        mishaps: '4953+2 stale, 799+5 stale, 3038+4 stale',
        unit: 'Wh below 1 kWh',
        capacityW: 5000,
      },
    }),
  ],
  [
    'panels whose display of Wh below 1 kWh begins with a dark day',
    device(250185, 'UTC', '2026-06-20', {
      ...{ shows: 'daily', resolution: 0.01, minutes: 1 },
      ...{
        gaps: '5534+189 3016+97 2186+155',
        resets: [6938, 4217],
        mishaps: '6449+1 wh',
        unit: 'Wh below 1 kWh',
        capacityW: 5000,
      },
    }),
  ],
  [
    'a daily counter that shows zero for a quarter of an hour before a silence',
    device(996971, 'Asia/Kolkata', '2026-11-10', {
      ...{ shows: 'daily power', resolution: 0.1, minutes: 3 },
      ...{
        gaps: '5229+127 4495+98 5584+139',
        resets: [2463],
        mishaps: '4482+5 zero',
        dailyReset: 'midnight',
        capacityW: 5000,
      },
    }),
  ],
  [
    'a total that begins anew half an hour before a silence, in a dawn that it hardly shows',
    device(999994, 'Australia/Lord_Howe', '2026-04-03', {
      ...{ shows: 'total power', resolution: 0.01, minutes: 3 },
      ...{ gaps: '420+31 1751+182 3086+212', resets: [67, 1719] },
    }),
  ],
  [
    'a daily counter that began anew in a silence and shows a little less after it',
    device(999984, 'UTC', '2026-06-20', {
      ...{ shows: 'daily power', resolution: 0.01, minutes: 1 },
      ...{ gaps: '2918+412 276+319 476+322' },
    }),
  ],
  [
    'a daily counter that begins anew when it wakes up, for the first time in the dark before a silence',
    device(44035, 'Asia/Kathmandu', '2026-04-10', {
      ...{ shows: 'daily power', resolution: 0.1, minutes: 3 },
      ...{ gaps: '1709+240 1726+294 1213+147' },
    }),
  ],
  [
    'a daily counter that begins anew when it wakes up, in a silence that began soon before',
    device(9, 'Australia/Lord_Howe', '2026-04-03', {
      ...{ shows: 'daily power', resolution: 0.001, minutes: 1 },
      ...{ gaps: '41+21 1516+215 2532+204', mishaps: '123+5 wh', capacityW: 5000 },
    }),
  ],
];
