/** One number for /metrics. Names carry the unit (`ampra_readings_total`, `ampra_commit_seconds`). */
export interface MetricSample {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  value: number;
  labels?: Record<string, string>;
}

/** Prometheus text exposition format 0.0.4. */
export function prometheusText(samples: readonly MetricSample[]): string {
  const byName = Map.groupBy(samples, (s) => s.name);
  let text = '';
  for (const [name, group] of byName) {
    const first = group[0];
    if (!first) continue;
    text += `# HELP ${name} ${first.help.replaceAll('\n', ' ')}\n# TYPE ${name} ${first.type}\n`;
    for (const s of group) text += `${name}${labelText(s.labels)} ${s.value}\n`;
  }
  return text;
}

function labelText(labels: Record<string, string> | undefined): string {
  if (!labels) return '';
  const escaped = (v: string) => v.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `{${Object.entries(labels)
    .map(([k, v]) => `${k}="${escaped(v)}"`)
    .join(',')}}`;
}
