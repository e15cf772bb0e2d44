import type { Progress } from './control-frames.ts';

/** Values of a command's options, as given; a value may be a list. */
export type OperationArguments = Readonly<Record<string, string | boolean | undefined>>;

/** How an operation talks to whoever asked for it, in this process or at the other end of the local socket. */
export interface OperationIo {
  /** What was sent along: the file to import. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Output proper (standard output or the file that was named); resolves when more may follow. */
  write(output: string | Uint8Array): Promise<void>;
  /** A remark for the person (standard error). */
  note(text: string): void;
  progress(progress: Progress): void;
}

/**
 * Something that the command line asks of the appliance. Refuses by throwing `AmpraError`. The same operation runs
 * inside the running appliance and, when none runs, in the command's own process.
 */
export type Operation = (args: OperationArguments, io: OperationIo) => Promise<void>;
