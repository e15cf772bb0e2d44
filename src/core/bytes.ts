/** A number of bytes in decimal units with a no-break space: "640 B", "1.2 kB", "34 MB", "1.5 GB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)}\u00a0B`;
  let value = bytes;
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    value /= 1000;
    if (value < 999.5 || unit === 'TB') return `${value < 9.95 ? value.toFixed(1) : Math.round(value)}\u00a0${unit}`;
  }
  return '';
}
