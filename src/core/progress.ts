/** How far a long piece of work is. */
export interface Progress {
  text: string;
  done: number;
  /** Absent when the end is not known. */
  total?: number;
}
