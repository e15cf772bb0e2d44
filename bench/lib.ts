import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** One line of the table and of `bench/results.json`. */
export interface Measurement {
  name: string;
  value: number;
  unit: string;
  /** What it must reach, in words: `>= 0.5`, `<= 250`. */
  target: string;
  ok: boolean;
}

type Target = { atLeast: number } | { atMost: number } | { exactly: number };

/** Collects measurements; prints each as it comes, and all as a table at the end. */
export class Results {
  readonly all: Measurement[] = [];

  add(name: string, value: number, unit: string, target: Target): void {
    const rounded = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 1000) / 1000;
    const measurement = { name, value: rounded, unit, ...judged(value, target) };
    this.all.push(measurement);
    console.log(`  ${name}: ${rounded} ${unit} (target ${measurement.target}) ${measurement.ok ? 'ok' : 'MISSED'}`);
  }

  print(): void {
    const rows = this.all.map((m) => [m.name, String(m.value), m.unit, m.target, m.ok ? 'yes' : 'NO']);
    const head = ['measurement', 'value', 'unit', 'target', 'ok'];
    const widths = head.map((h, i) => Math.max(h.length, ...rows.map((r) => r[i]?.length ?? 0)));
    const line = (cells: string[]) => `| ${cells.map((c, i) => c.padEnd(widths[i] ?? 0)).join(' | ')} |`;
    console.log(`\n${line(head)}\n${line(widths.map((w) => '-'.repeat(w)))}`);
    for (const row of rows) console.log(line(row));
  }

  write(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${JSON.stringify(this.all, null, 2)}\n`);
  }
}

function judged(value: number, target: Target): { target: string; ok: boolean } {
  if ('atLeast' in target) return { target: `>= ${target.atLeast}`, ok: value >= target.atLeast };
  if ('atMost' in target) return { target: `<= ${target.atMost}`, ok: value <= target.atMost };
  return { target: `= ${target.exactly}`, ok: value === target.exactly };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Nearest rank. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
