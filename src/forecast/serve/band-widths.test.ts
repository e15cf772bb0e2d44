import { expect, test } from 'bun:test';
import { followed, usualWidths } from './band-widths.ts';

test('what lies a week ahead is followed as fast from its first judgement on as what lies a day ahead was from its own', () => {
  let widths = usualWidths();
  for (let day = 0; day < 7; day++) widths = followed(widths, [{ lead: 1, hours: 0.4, day: null }]);
  const [start, startOfDays] = [widths.hours[7] ?? 0, widths.days[7] ?? 0];
  for (let day = 0; day < 2; day++) widths = followed(widths, [{ lead: 7, hours: 0.5, day: true }]);
  const first = usualWidths();
  let fresh = usualWidths();
  for (let day = 0; day < 2; day++) fresh = followed(fresh, [{ lead: 1, hours: 0.5, day: true }]);
  expect((fresh.hours[1] ?? 0) / (first.hours[1] ?? 1)).toBeGreaterThan(1.3);
  expect((widths.hours[7] ?? 0) / start).toBeCloseTo((fresh.hours[1] ?? 0) / (first.hours[1] ?? 1), 9);
  expect((widths.days[7] ?? 0) / startOfDays).toBeCloseTo((fresh.days[1] ?? 0) / (first.days[1] ?? 1), 9);
});

test('what lies further ahead and was never judged goes along with what lies nearer, and no more once it was', () => {
  const missedAll = (lead: number) => [{ lead, hours: 1, day: true }];
  const first = usualWidths();
  const second = followed(first, missedAll(1));
  const grown = (second.hours[1] ?? 0) / (first.hours[1] ?? 1);
  expect(grown).toBeGreaterThan(1.3);
  expect((second.hours[7] ?? 0) / (first.hours[7] ?? 1)).toBeCloseTo(grown, 9);
  expect(second.hours[0]).toBe(first.hours[0]);
  const third = followed(second, missedAll(5));
  const fourth = followed(third, missedAll(1));
  expect(fourth.hours[4]).toBeGreaterThan(third.hours[4] ?? 0);
  expect(fourth.hours[5]).toBe(third.hours[5]);
  expect(fourth.hours[7]).toBe(third.hours[7]);
});
