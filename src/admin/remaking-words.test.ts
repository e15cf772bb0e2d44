import { expect, test } from 'bun:test';
import { SystemOverviewBody } from '../../views/admin/overview.tsx';
import { leastRemade, remakingNote, remakingWords } from '../telemetry/remaking-words.ts';
import { bookWords } from './book-words.ts';

const state = { version: '1', runtime: '', startedAt: 0, now: 0, residentBytes: 1, cpuShare: null, disk: null };

test('says how far the source is that is least far, and nothing when all are through', () => {
  const shares = new Map([
    ['a', 0.9],
    ['b', 0.4],
  ]);
  const reader = { remadeShare: (id: string) => shares.get(id) ?? null };
  expect(leastRemade(reader, [{ id: 'a' }, { id: 'b' }, { id: 'c' }])).toBe(0.4);
  expect(leastRemade(reader, [{ id: 'c' }])).toBeNull();
});

test('never says 100 % while something is left', () => {
  expect(remakingNote(0.999)).toContain('99\u00a0% so far');
  expect(remakingWords([0.2, 0.4])).toStartWith('The energy of 2 sources is counted anew');
  expect(remakingWords([0.2, 0.4])).toContain('30\u00a0% so far');
});

test('the doctor and the System page say how far it is', () => {
  const [finding] = bookWords([{ source: 'Roof', days: 0, problems: [], isWaiting: true, remadeShare: 0.43 }]);
  expect(finding).toMatchObject({ what: 'figures of Roof', state: 'warn' });
  expect(finding?.text).toContain('43\u00a0% so far');
  const parts = [{ part: 'telemetry database', state: 'ok' as const, message: remakingWords([0.43]) }];
  const nothing = { stores: [], written: [], storage: [], copies: { bytes: 0, count: 0, keep: 0 } };
  const props = { state: { ...state, dataDir: '', ...nothing }, parts, timeZone: 'UTC' };
  const html = String(SystemOverviewBody(props));
  expect(html).toContain('43\u00a0% so far');
  expect(html).toContain('All is well');
});
