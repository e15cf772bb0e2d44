const quantities: Readonly<Record<string, string>> = { solar: 'production', load: 'consumption' };

/**
 * What a job works on, from its payload: the source, and which of its quantities. Null where it names no source, or one
 * that `nameOf` does not tell.
 */
export function jobAbout(payload: unknown, nameOf: (sourceId: string) => string | undefined): string | null {
  const { sourceId, quantity } = (payload ?? {}) as { sourceId?: unknown; quantity?: unknown };
  const name = typeof sourceId === 'string' ? nameOf(sourceId) : undefined;
  if (name === undefined) return null;
  const what = typeof quantity === 'string' ? quantities[quantity] : undefined;
  return what === undefined ? name : `${name}, ${what}`;
}
