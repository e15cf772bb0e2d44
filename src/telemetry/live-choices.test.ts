import { describe, expect, test } from 'bun:test';
import type { GroupDirectory, SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { FakeClock } from '../testing/app.ts';
import { makeSource } from '../testing/ingest.ts';
import { ada, bob, olga } from '../testing/sources.ts';
import { LiveService } from './live-service.ts';
import type { TelemetryReader } from './ports.ts';

const sources = [makeSource('roof'), makeSource('roof of Bob', { name: 'roof', ownerId: bob.userId, groupId: 'g' })];
const names: Record<string, string> = { ada: 'Ada', bob: 'Bob' };

const live = (listed: readonly Source[]) =>
  new LiveService({
    reader: {} as TelemetryReader,
    sources: { listFor: () => listed } as Partial<SourceDirectory> as SourceDirectory,
    groups: {
      listGroupsFor: () => [{ id: 'g', ownerId: bob.userId, name: 'Barn' }],
    } as Partial<Record<keyof GroupDirectory, unknown>> as GroupDirectory,
    clock: new FakeClock(),
    isReadable: () => true,
    ownerName: (id) => names[id],
  });
const labels = (viewer: typeof ada) =>
  live(sources)
    .choices(viewer)
    .map((choice) => choice.label);

describe('what may be chosen on Live and History', () => {
  test('says whose it is where it is not the viewer’s own', () => {
    expect(labels(ada)).toEqual(['House', 'Barn (Bob)', 'roof', 'roof (Bob)']);
    expect(labels(bob)).toEqual(['House', 'Barn', 'roof (Ada)', 'roof']);
    expect(labels(olga)).toEqual(['House', 'Barn (Bob)', 'roof (Ada)', 'roof (Bob)']);
  });
});
