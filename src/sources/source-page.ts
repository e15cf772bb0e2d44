import type { Source } from './source.ts';

/** Where a page about a source leads back to. */
export const upToSource = ({ id, name }: Pick<Source, 'id' | 'name'>) => ({ href: `/sources/${id}`, label: name });

/** Where a page about one of several sources, groups or connections leads back to. */
export const upToSources = { href: '/sources', label: 'Sources' } as const;
