import type { Database } from './stack.ts';
import type { Chart } from './system.ts';

/** VictoriaMetrics of Debian, with its own defaults but for the time that it keeps data. */
export function victoria(folder: string, port: number): Database {
  const url = `http://127.0.0.1:${port}`;
  return {
    name: 'VictoriaMetrics',
    command: [
      'victoria-metrics',
      `-storageDataPath=${folder}`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=15y',
    ],
    healthUrl: `${url}/health`,
    writeUrl: `${url}/write?precision=ms`,
    prepare: () => Promise.resolve(),
    settle: async () => {
      await fetch(`${url}/internal/force_flush`);
      await fetch(`${url}/internal/force_merge`);
    },
    count: async (device, from) => {
      await fetch(`${url}/internal/force_flush`);
      const q = `count_over_time(reading_solarPower{device="${device}"}[1d])`;
      const time = String(from / 1000 + 86_000);
      const response = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: q, time, nocache: '1' })}`);
      const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
      return Number(data.result[0]?.value[1] ?? 0);
    },
    chart: async (chart: Chart, to: number) => {
      const names = 'reading_(solarPower|loadPower|gridPower|stateOfCharge)';
      const query = `avg_over_time({__name__=~"${names}",device="house"}[${chart.stepSeconds}s]) keep_metric_names`;
      const range = { start: String((to - chart.days * 86_400_000) / 1000), end: String(to / 1000) };
      // It would answer later askings from its cache of results, whose steps it aligns.
      const asked = new URLSearchParams({ query, ...range, step: `${chart.stepSeconds}s`, nocache: '1' });
      const response = await fetch(`${url}/api/v1/query_range?${asked}`);
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      const { data } = (await response.json()) as { data: { result: { values: unknown[] }[] } };
      if (data.result.length !== 4) throw new Error(`${data.result.length} of 4 metrics came`);
      return data.result[0]?.values.length ?? 0;
    },
  };
}
