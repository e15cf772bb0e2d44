/** The broker elsewhere in the house through which a source is heard. */
export interface SourceFeed {
  name: string;
  /** The page that says more about it. */
  href: string;
  phase: FeedPhase;
  /** What is wrong and what to do about it; null while nothing is. */
  trouble: { reason: string; hint: string } | null;
}

export type FeedPhase = 'off' | 'connecting' | 'connected' | 'broken';
