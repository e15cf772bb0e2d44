import { findMetric, type Metric, type MetricGroup, metrics, type NumericMetric } from '../../src/core/metrics.ts';
import { type AskedLine, lineKey, MAX_LINES, withToggled } from '../../src/telemetry/history/history-lines.ts';
import {
  type AxesLook,
  type HistoryContext,
  type HistoryRequest,
  historyUrl,
  isAgainst,
} from '../../src/telemetry/history/history-query.ts';
import { unitOf } from '../../src/telemetry/metric-look.ts';
import { type Energy, EnergyMark } from '../parts/index.ts';
import { HistoryLink } from './history-link.tsx';
import type { HistoryScope } from './history-scope.ts';

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

interface ChoiceProps {
  request: HistoryRequest;
  context: HistoryContext;
  scopes: readonly HistoryScope[];
}

/** Everything that was ever reported, to switch on and off; of other sources and groups too, to lay beside each other. */
export function MetricChoice({ request, context, scopes }: ChoiceProps) {
  const offered = request.offered === request.scope ? null : request.offered;
  const available = offered === null ? context.available : (context.others?.get(offered) ?? []);
  const choosable = metrics.filter((m) => m.unit !== null && available.includes(m.name));
  const groups = [...new Set(choosable.map((m) => m.group))];
  const elsewhere = request.lines.filter((line) => line.scope !== offered);
  const chips = (group: MetricGroup) =>
    choosable
      .filter((m) => m.group === group)
      .map((m) => <Chip request={request} line={lineOf(m, offered)} label={m.label} />);
  return (
    <div class="metric-choice">
      <AxesChoice request={request} />
      {scopes.length > 2 && <OfferedTabs request={request} scopes={scopes} />}
      {elsewhere.length > 0 && (
        <div class="metric-group">
          <p class="metric-group-name">Shown as well</p>
          <div class="metric-chips">
            {elsewhere.map((line) => (
              <Chip request={request} line={line} label={labelIn(line, request, scopes)} />
            ))}
          </div>
        </div>
      )}
      {groups.map((group) => (
        <div class="metric-group">
          <p class="metric-group-name">
            {isEnergy(group) && <EnergyMark energy={group} />}
            {groupNames[group]}
          </p>
          <div class="metric-chips">{chips(group)}</div>
        </div>
      ))}
      {request.lines.length >= MAX_LINES && <p class="hint">{MAX_LINES} lines are as many as there may be.</p>}
    </div>
  );
}

const lineOf = ({ name }: Metric, scope: string | null): AskedLine => ({ metric: name as NumericMetric, scope });

function Chip({ request, line, label }: { request: HistoryRequest; line: AskedLine; label: string }) {
  const key = lineKey(line);
  const isOn = request.lines.some((one) => lineKey(one) === key);
  return (
    <a
      class="chip"
      href={historyUrl(request, { lines: withToggled(request.lines, line) })}
      data-history={key}
      {...(isOn ? { 'aria-current': 'true' as const } : {})}
    >
      {label}
    </a>
  );
}

function labelIn({ metric, scope }: AskedLine, request: HistoryRequest, scopes: readonly HistoryScope[]): string {
  const whose = scopes.find(({ key }) => key === (scope ?? request.scope))?.label;
  const label = findMetric(metric)?.label ?? metric;
  return whose ? `${label}, ${whose}` : label;
}

/** Whose values are offered. */
function OfferedTabs({ request, scopes }: Omit<ChoiceProps, 'context'>) {
  return (
    <nav class="tabs" aria-label="Values of">
      {scopes.map(({ key, label }) => (
        <HistoryLink
          href={historyUrl(request, { offered: key })}
          keyName={`of-${key}`}
          isActive={key === request.offered}
        >
          {label}
        </HistoryLink>
      ))}
    </nav>
  );
}

/** Two units can lie over each other, with an axis on either side, or stand apart; two lines can be held against each other. */
function AxesChoice({ request }: { request: HistoryRequest }) {
  const units = new Set(request.lines.map((line) => unitOf(line.metric)));
  const isPair = request.lines.length === 2;
  const axes = request.axes === 'against' && !isPair ? 'over' : request.axes;
  const looks: readonly [AxesLook, string, isOffered: boolean][] = [
    ['over', units.size === 2 ? 'Over each other' : 'Over time', true],
    ['apart', 'Apart', units.size === 2],
    ['against', 'As dots', isPair],
  ];
  const offered = looks.filter(([, , isOffered]) => isOffered);
  if (offered.length < 2) return null;
  const shown = offered.some(([look]) => look === axes) ? axes : 'over';
  const [first, second] = request.lines;
  return (
    <div class="metric-axes">
      <nav class="tabs" aria-label="How lines lie">
        {offered.map(([look, label]) => (
          <HistoryLink href={historyUrl(request, { axes: look })} keyName={`axes-${look}`} isActive={look === shown}>
            {label}
          </HistoryLink>
        ))}
      </nav>
      {isAgainst(request) && first && second && (
        <HistoryLink
          href={historyUrl(request, { lines: [second, first] })}
          keyName="axes-swap"
          className="button button-plain button-small"
        >
          Swap the axes
        </HistoryLink>
      )}
    </div>
  );
}

const isEnergy = (group: MetricGroup): group is Energy & MetricGroup =>
  group === 'solar' || group === 'battery' || group === 'load' || group === 'grid' || group === 'generator';
