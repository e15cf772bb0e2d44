import { describe, expect, test } from 'bun:test';
import type { PowerGroup, Source } from '../sources/source.ts';
import { makeSource } from '../testing/ingest.ts';
import { ada, bob, olga } from '../testing/sources.ts';
import { Choices } from './choice-service.ts';

const sources = [makeSource('roof'), makeSource('roof of Bob', { name: 'roof', ownerId: bob.userId, groupId: 'g' })];
const names: Record<string, string> = { ada: 'Ada', bob: 'Bob' };

const choices = (listed: readonly Source[], siteZone: string | null = null) =>
  new Choices({
    sources: { listFor: () => listed },
    groups: {
      listGroupsFor: () => [{ id: 'g', ownerId: bob.userId, name: 'Barn' }] as unknown as readonly PowerGroup[],
    },
    ownerName: (id) => names[id],
    siteZone: () => siteZone,
  });
const labels = (viewer: typeof ada) =>
  choices(sources)
    .now(viewer)
    .map((choice) => choice.label);

describe('what may be chosen on Live and History', () => {
  test('says whose it is where it is not the viewer’s own', () => {
    expect(labels(ada)).toEqual(['House', 'Barn (Bob)', 'roof', 'roof (Bob)']);
    expect(labels(bob)).toEqual(['House', 'Barn', 'roof (Ada)', 'roof']);
    expect(labels(olga)).toEqual(['House', 'Barn (Bob)', 'roof (Ada)', 'roof (Bob)']);
  });

  test('leaves a source that is switched off out of what is, and keeps it in what was', () => {
    const old = makeSource('old', { isActive: false });
    const both = choices([old, makeSource('roof')]);
    expect(both.now(ada).map((choice) => choice.label)).toEqual(['House', 'roof']);
    const past = both.past(ada);
    expect(past.map((choice) => choice.label)).toEqual(['House', 'old, switched off', 'roof']);
    expect(past[0]?.scope.sources.map((source) => source.id)).toEqual([old.id, 'roof']);
  });

  test('a source alone shows all that it measures, whatever its role in the house', () => {
    const past = choices([makeSource('meter', { role: 'grid' }), makeSource('roof')]).past(ada);
    const rolesOf = (key: string) => past.find((choice) => choice.key === key)?.scope.sources.map(({ role }) => role);
    expect(rolesOf('source:meter')).toEqual(['system']);
    expect(rolesOf('house')).toEqual(['grid', 'system']);
  });

  test('has the days of the zone that its sources share, and of the place where they differ', () => {
    const zoneOf = (zones: string[], siteZone: string | null) =>
      choices(
        zones.map((timeZone, i) => makeSource(`s${i}`, { timeZone })),
        siteZone,
      ).past(ada)[0]?.scope.timeZone;
    expect(zoneOf(['Asia/Kolkata', 'Asia/Kolkata'], 'Europe/Lisbon')).toBe('Asia/Kolkata');
    expect(zoneOf(['Asia/Kolkata', 'UTC'], 'Europe/Lisbon')).toBe('Europe/Lisbon');
    expect(zoneOf(['UTC', 'Asia/Kolkata', 'Asia/Kolkata'], null)).toBe('Asia/Kolkata');
    expect(zoneOf([], 'Europe/Lisbon')).toBe('Europe/Lisbon');
  });
});
