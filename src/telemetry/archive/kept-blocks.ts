import type { PackedBlock } from './block.ts';

/** Memory for all of them. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Blocks that charts ask for again and again, with what was unpacked of them. What is written goes out of it. */
export class KeptBlocks {
  /** The one that was asked for longest ago comes first. */
  private readonly blocks = new Map<number, PackedBlock>();

  constructor(private readonly mostBytes = MOST_BYTES) {}

  get(id: number): PackedBlock | undefined {
    const block = this.blocks.get(id);
    if (!block) return undefined;
    this.blocks.delete(id);
    this.blocks.set(id, block);
    return block;
  }

  put(id: number, block: PackedBlock): void {
    this.blocks.set(id, block);
  }

  forget(ids: Iterable<number>): void {
    for (const id of ids) this.blocks.delete(id);
  }

  clear(): void {
    this.blocks.clear();
  }

  /** Keeps within the memory; columns are unpacked after a block was put, so this is said before the next are. */
  trim(): void {
    let bytes = 0;
    for (const block of this.blocks.values()) bytes += block.heldBytes();
    for (const [id, block] of this.blocks) {
      if (bytes <= this.mostBytes) break;
      this.blocks.delete(id);
      bytes -= block.heldBytes();
    }
  }
}
