import { type GroupMember, MEMBERS_SHOWN } from '../../views/sources/group-form.tsx';
import type { Viewer } from '../accounts/viewer.ts';
import type { PostedForm } from './form-values.web.tsx';
import type { SourcesWebDeps } from './web-context.web.tsx';

type Deps = Pick<SourcesWebDeps, 'directory' | 'groups' | 'service'>;

/** Whose sources may be in a group, and which; `id` is null while it is being made. */
export interface GroupOfOwner {
  id: string | null;
  ownerId: string;
}

const fieldOf = (sourceId: string): string => `holds-${sourceId}`;

/** The sources that the group may hold, as its form shows them; what was ticked stays when the form is refused. */
export function membersOf(deps: Deps, viewer: Viewer, group: GroupOfOwner, form?: PostedForm): GroupMember[] {
  return sourcesOf(deps, viewer, group).map((source) => {
    const other = source.groupId === null || source.groupId === group.id ? null : source.groupId;
    const found = other === null ? null : deps.groups.findGroupFor(viewer, other);
    const isIn = group.id !== null && source.groupId === group.id;
    return {
      field: fieldOf(source.id),
      name: source.name,
      isIn: isShown(form) ? isTicked(form, source.id) : isIn,
      elsewhere: found?.ok ? found.value.name : null,
    };
  });
}

/** Puts the ticked sources into the group and the others out of it; a sentence about each that stays where it was. */
export async function keepMembers(
  deps: Deps,
  viewer: Viewer,
  group: GroupOfOwner,
  form: PostedForm,
): Promise<string[]> {
  if (!isShown(form)) return [];
  const refused: string[] = [];
  for (const source of sourcesOf(deps, viewer, group)) {
    const isIn = source.groupId === group.id;
    const isWanted = isTicked(form, source.id);
    if (isIn === isWanted) continue;
    const moved = await deps.service.update(viewer, source.id, { groupId: isWanted ? group.id : null });
    if (!moved.ok) refused.push(`“${source.name}” stays where it was: ${moved.error.message}`);
  }
  return refused;
}

const isShown = (form: PostedForm | undefined): form is PostedForm => form?.optional(MEMBERS_SHOWN) !== undefined;

const isTicked = (form: PostedForm, sourceId: string): boolean => form.optional(fieldOf(sourceId)) !== undefined;

/** A group holds sources of its owner alone. */
const sourcesOf = ({ directory }: Deps, viewer: Viewer, { ownerId }: GroupOfOwner) =>
  directory.listFor(viewer).filter((source) => source.ownerId === ownerId);
