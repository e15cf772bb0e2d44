import { restoreTrees, type StoredTrees, storeTrees } from '../../core/tree-codec.ts';
import type { LearnedPower } from '../learned-power.ts';
import type { BandState } from '../online/bands.ts';

/** What every artefact has: trees of the model and of the odds, among plain data. */
export interface WithTrees {
  kind: string;
  /** Grows when an older Ampra's artefacts can no longer be served. */
  version: number;
  model: { learned: LearnedPower };
  bands: BandState;
}

interface Stored {
  kind: string;
  version: number;
  model: { learned: { stages: StoredTrees[] } };
  bands: { scale: { trees: { size: StoredTrees; above: StoredTrees } | null } };
}

/** An artefact as JSON text, for a file. */
export function artefactText(artefact: WithTrees): string {
  const { model, bands } = artefact;
  const { learned } = model;
  const { scale } = bands;
  return JSON.stringify({
    ...artefact,
    model: { ...model, learned: { ...learned, stages: learned.stages.map(storeTrees) } },
    bands: { ...bands, scale: { ...scale, trees: scale.trees && bothSides(scale.trees, storeTrees) } },
  });
}

/** Throws when the text is no artefact of this kind and version. */
export function readArtefact<A extends WithTrees>(text: string, kind: A['kind'], version: A['version']): A {
  const stored = JSON.parse(text) as Stored;
  if (stored.kind !== kind || stored.version !== version)
    throw new Error(`the stored model is none of ${kind}, or of another version`);
  const { model, bands } = stored;
  const { learned } = model;
  const { scale } = bands;
  const read: unknown = {
    ...stored,
    model: { ...model, learned: { ...learned, stages: learned.stages.map(restoreTrees) } },
    bands: { ...bands, scale: { ...scale, trees: scale.trees && bothSides(scale.trees, restoreTrees) } },
  };
  return read as A;
}

const bothSides = <A, B>({ size, above }: { size: A; above: A }, of: (trees: A) => B) => ({
  size: of(size),
  above: of(above),
});
