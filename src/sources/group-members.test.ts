import { expect, test } from 'bun:test';
import { refuse } from '../core/result.ts';
import { ada } from '../testing/sources.ts';
import type { PostedForm } from './form-values.web.tsx';
import { keepMembers } from './group-members.web.tsx';

test('a source that may not go into a group is named, and the others go', async () => {
  const asked: string[] = [];
  const source = (id: string) => ({ id, name: `Roof ${id}`, ownerId: 'ada', groupId: null });
  const deps = {
    directory: { listFor: () => [source('a'), source('b')] },
    service: {
      update: async (_: unknown, id: string) => {
        asked.push(id);
        return id === 'a' ? refuse('invalid', 'The panels hang over.') : { ok: true, value: source(id) };
      },
    },
  };
  const form = { optional: () => 'on' } as unknown as PostedForm;
  expect(await keepMembers(deps as never, ada, { id: 'g', ownerId: 'ada' }, form)).toEqual([
    '“Roof a” stays where it was: The panels hang over.',
  ]);
  expect(asked).toEqual(['a', 'b']);
});
