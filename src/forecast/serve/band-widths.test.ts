import { expect, test } from 'bun:test';
import { followed, usualWidths } from './band-widths.ts';

test('what lies a week ahead is followed as fast from its first judgement on as what lies a day ahead was from its own', () => {
  const missedAll = (lead: number) => [{ lead, hours: 1, day: true }];
  let widths = usualWidths();
  const [before, start] = [widths.hours[1] ?? 0, widths.hours[7] ?? 0];
  for (let day = 0; day < 7; day++) widths = followed(widths, missedAll(1));
  const grown = (widths.hours[1] ?? 0) / before;
  for (let day = 0; day < 2; day++) widths = followed(widths, missedAll(7));
  let fresh = usualWidths();
  for (let day = 0; day < 2; day++) fresh = followed(fresh, missedAll(1));
  expect(grown).toBeGreaterThan(2);
  expect((widths.hours[7] ?? 0) / start).toBeCloseTo((fresh.hours[1] ?? 0) / before, 9);
  expect((widths.days[7] ?? 0) / 1.3).toBeCloseTo((fresh.days[1] ?? 0) / 1.3, 9);
});
