/** What `npm run bench scale` asks for. */
const DAY_MS = 86_400_000;
const lines = 'solarPower,loadPower,gridPower,stateOfCharge';

export type PathOf = (now: number) => string;

/** Names and paths: of a source with ten years at a minute, one with a year at ten seconds, and the house. */
export function questions(old: string, dense: string): [string, PathOf][] {
  const since = (now: number, days: number) => new URLSearchParams({ from: iso(now - days * DAY_MS), to: iso(now) });
  const history =
    (of: string, days: number): PathOf =>
    (now) =>
      `${of}/history?metrics=${lines}&${since(now, days)}`;
  const energy =
    (of: string, period: string, days: number): PathOf =>
    (now) =>
      `${of}/energy?period=${period}&${since(now, days)}`;
  const [one, many] = [`/sources/${old}`, `/sources/${dense}`];
  return [
    ['history of 24 h', history(one, 1)],
    ['history of 30 d', history(one, 30)],
    ['history of 1 year', history(one, 365)],
    ['history of 10 years', history(one, 3652)],
    ['history of 24 h, at 10 s', history(many, 1)],
    ['history of 30 d, at 10 s', history(many, 30)],
    ['history of 1 year, at 10 s', history(many, 365)],
    ['energy of a year by day', energy(one, 'day', 365)],
    ['energy of 10 years by day', energy(one, 'day', 3652)],
    ['energy of 10 years by month', energy(one, 'month', 3652)],
    ['energy of 10 years by year', energy(one, 'year', 3652)],
    ['house, energy of 30 d by day', energy('/house', 'day', 30)],
    ['house, energy of a year by day', energy('/house', 'day', 365)],
    ['house, energy of 10 years by month', energy('/house', 'month', 3652)],
    ['house, energy of 10 years by year', energy('/house', 'year', 3652)],
    ['house, history of 24 h', history('/house', 1)],
    ['house, history of 30 d', history('/house', 30)],
    ['house, history of 1 year', history('/house', 365)],
  ];
}

const iso = (time: number): string => new Date(time).toISOString();
