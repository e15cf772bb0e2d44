import { type Origin, type Piece, type PieceState, pieceFrom, pieceState, pushPiece } from './pieces.ts';
import type { StageOddity, StageOutput } from './stage-output.ts';

/** What a counter would book, kept back while it is not known in which unit it counts. */

type Note = Parameters<StageOutput['onOddity']>;
type Bridge = Parameters<StageOutput['bridge']>;

/** Said of a counter that says something odd again and again: more would only make the state longer. */
const MOST_NOTES = 24;

/** In a state, strings are times: an oddity is its place here. */
const ODDITIES: readonly StageOddity[] = [
  ...(['reset', 'rollover', 'jump', 'catchUp', 'return', 'unit', 'glitch', 'dip', 'zero', 'sentinel'] as const),
  ...(['declared', 'stuck', 'moves', 'bridge'] as const),
];

export class CounterGate implements StageOutput {
  private pieces: Piece[] = [];
  private bridges: Bridge[] = [];
  private notes: Note[] = [];
  /** Told of all that the counter itself counted, as it was counted: where power knows when, that is its word, not the counter's. */
  onCounted: ((from: number, to: number, kwh: number) => void) | null = null;

  constructor(private readonly output: StageOutput) {}

  book(from: number, to: number, kwh: number, origin: Origin): void {
    pushPiece(this.pieces, from, to, kwh, origin);
  }

  counted(from: number, to: number, kwh: number): void {
    if (this.onCounted !== null) this.onCounted(from, to, kwh);
  }

  pass(from: number, to: number, kwh: number, origin: Origin): void {
    pushPiece(this.pieces, from, to, kwh, origin);
  }

  bridge(...bridge: Bridge): void {
    this.bridges.push(bridge);
  }

  onOddity(...[time, oddity, { before, after }, kwh]: Note): void {
    if (this.notes.length < MOST_NOTES) this.notes.push([time, oddity, { before, after }, kwh]);
  }

  /** What was odd, and was kept back, is told. */
  tell(): void {
    for (const note of this.notes) this.output.onOddity(...note);
    this.notes = [];
  }

  /** The energy that was kept back goes on. */
  release(): void {
    const { pieces, bridges } = this;
    this.forget();
    for (const { from, to, kwh, origin } of pieces) this.output.book(from, to, kwh, origin);
    for (const bridge of bridges) this.output.bridge(...bridge);
  }

  /** Nothing of the energy that was kept back flowed. */
  forget(): void {
    this.pieces = [];
    this.bridges = [];
  }

  state(): GateState {
    const { pieces, bridges, notes } = this;
    return {
      ...(pieces.length > 0 && { pieces: pieces.map(pieceState) }),
      ...(bridges.length > 0 && { bridges }),
      ...(notes.length > 0 && {
        notes: notes.map(([time, kind, { before, after }, kwh]) => [time, ODDITIES.indexOf(kind), before, after, kwh]),
      }),
    };
  }

  restore(state: GateState): void {
    this.pieces = (state.pieces ?? []).map(pieceFrom);
    this.bridges = [...(state.bridges ?? [])];
    this.notes = (state.notes ?? []).map(([time, kind, before, after, kwh]) => [
      time,
      ODDITIES[kind] ?? 'glitch',
      { before, after },
      kwh,
    ]);
  }
}

/** What is kept back, as plain values. */
export interface GateState {
  pieces?: PieceState[];
  bridges?: Bridge[];
  notes?: [time: number, kind: number, before: number, after: number, kwh: number][];
}
