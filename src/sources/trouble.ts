/** Why a source that should report does not. */
export interface SourceTrouble {
  /** In a few words. */
  words: string;
  /** True where somebody must do something now: a device is turned away. Messages that nobody understands can wait. */
  needsHand: boolean;
}
