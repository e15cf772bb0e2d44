/** Even buckets of time, from `from` on. ms. */
export interface Grid {
  from: number;
  width: number;
  count: number;
}

/** Columns of a gauge that was rolled up: one value a bucket, NaN where it had none. */
export interface RolledGauge {
  mean: Float64Array;
  min: Float64Array;
  max: Float64Array;
  n: Float64Array;
}

/** Places of a column. */
export interface Rows {
  from: number;
  to: number;
}

/** A gauge by bucket: how many values, their sum and their extremes. What is added may come in any order. */
export class GaugeBins {
  readonly sum: Float64Array;
  readonly n: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;

  constructor(private readonly grid: Grid) {
    this.sum = new Float64Array(grid.count);
    this.n = new Float64Array(grid.count);
    this.min = new Float64Array(grid.count).fill(Number.NaN);
    this.max = new Float64Array(grid.count).fill(Number.NaN);
  }

  /** Adds values as they were measured; times outside of the grid are left out. */
  add(times: Float64Array, values: Float64Array, rows: Rows): void {
    const { from, width, count } = this.grid;
    const { sum, n, min, max } = this;
    for (let i = rows.from; i < rows.to; ) {
      const bin = Math.floor(((times[i] as number) - from) / width);
      const start = from + bin * width;
      if (bin < 0 || bin >= count) {
        i++;
        continue;
      }
      // As many as follow each other in one bucket: readings nearly always do.
      let total = sum[bin] as number;
      let many = n[bin] as number;
      let low = min[bin] as number;
      let high = max[bin] as number;
      do {
        const value = values[i++] as number;
        if (Number.isNaN(value)) continue;
        total += value;
        many++;
        if (!(low <= value)) low = value;
        if (!(high >= value)) high = value;
      } while (i < rows.to && (times[i] as number) < start + width && (times[i] as number) >= start);
      sum[bin] = total;
      n[bin] = many;
      min[bin] = low;
      max[bin] = high;
    }
  }

  /** Adds buckets that were rolled up, each of which lies in one bucket of the grid. */
  addRolled(times: Float64Array, rolled: RolledGauge, rows: Rows): void {
    const { from, width, count } = this.grid;
    const { sum, n: counts, min, max } = this;
    for (let i = rows.from; i < rows.to; i++) {
      const n = rolled.n[i] as number;
      const bin = Math.floor(((times[i] as number) - from) / width);
      if (!(n > 0) || bin < 0 || bin >= count) continue;
      sum[bin] = (sum[bin] as number) + (rolled.mean[i] as number) * n;
      counts[bin] = (counts[bin] as number) + n;
      if (!((min[bin] as number) <= (rolled.min[i] as number))) min[bin] = rolled.min[i] as number;
      if (!((max[bin] as number) >= (rolled.max[i] as number))) max[bin] = rolled.max[i] as number;
    }
  }

  mean(bin: number): number {
    return (this.sum[bin] as number) / (this.n[bin] as number);
  }
}

/** A counter by bucket: where it stood last. What is added may come in any order. */
export class CounterBins {
  readonly last: Float64Array;
  private readonly lastAt: Float64Array;

  constructor(private readonly grid: Grid) {
    this.last = new Float64Array(grid.count).fill(Number.NaN);
    this.lastAt = new Float64Array(grid.count).fill(Number.NEGATIVE_INFINITY);
  }

  add(times: Float64Array, values: Float64Array, rows: Rows): void {
    const { from, width, count } = this.grid;
    for (let i = rows.from; i < rows.to; i++) {
      const value = values[i] as number;
      const time = times[i] as number;
      const bin = Math.floor((time - from) / width);
      if (Number.isNaN(value) || bin < 0 || bin >= count || time < (this.lastAt[bin] as number)) continue;
      this.last[bin] = value;
      this.lastAt[bin] = time;
    }
  }
}
