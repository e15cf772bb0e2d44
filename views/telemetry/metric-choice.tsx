import { findMetric, type MetricGroup, type MetricName, metrics, type NumericMetric } from '../../src/core/metrics.ts';
import { type HistoryRequest, historyUrl } from '../../src/telemetry/history-query.ts';
import { type Energy, EnergyMark } from '../parts/index.ts';

const groupNames: Record<MetricGroup, string> = {
  solar: 'Solar',
  battery: 'Battery',
  load: 'House',
  grid: 'Grid',
  generator: 'Generator',
  energy: 'Counters',
  inverter: 'Inverter',
  status: 'Status',
};

/** Everything that was ever reported, to switch on and off. */
export function MetricChoice({ request, available }: { request: HistoryRequest; available: readonly MetricName[] }) {
  const choosable = metrics.filter((m) => m.unit !== null && available.includes(m.name));
  const groups = [...new Set(choosable.map((m) => m.group))];
  const toggled = (name: NumericMetric): readonly NumericMetric[] =>
    request.metrics.includes(name) ? request.metrics.filter((m) => m !== name) : [...request.metrics, name];
  return (
    <div class="metric-choice">
      {groups.map((group) => (
        <div class="metric-group">
          <p class="metric-group-name">
            {isEnergy(group) && <EnergyMark energy={group} />}
            {groupNames[group]}
          </p>
          <div class="metric-chips">
            {choosable
              .filter((m) => m.group === group)
              .map((m) => (
                <a
                  class="chip"
                  href={historyUrl(request, { metrics: toggled(m.name as NumericMetric) })}
                  data-history={m.name}
                  {...(request.metrics.includes(m.name as NumericMetric) ? { 'aria-current': 'true' as const } : {})}
                >
                  {findMetric(m.name)?.label}
                </a>
              ))}
          </div>
        </div>
      ))}
    </div>
  );
}

const isEnergy = (group: MetricGroup): group is Energy & MetricGroup =>
  group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator';
