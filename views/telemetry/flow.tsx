import { joinShown } from '../../src/core/format.ts';
import { type FlowNode, QUIET_W } from '../../src/telemetry/live/flows.ts';
import type { LiveNode, LiveValue, LiveView } from '../../src/telemetry/live/live-view.ts';
import { type FlowLine, flowLayout, flowLines, linePace, lineWidth, type NodePlace } from './flow-layout.ts';

const names: Record<FlowNode, string> = {
  solar: 'Solar',
  load: 'House',
  grid: 'Grid',
  battery: 'Battery',
  generator: 'Generator',
};

/** Icons of 20 x 20 around 0,0; filled by the badge's ink. Their shape tells the energies apart without colour. */
const glyphs: Record<FlowNode, string> = {
  solar:
    'M0-3.6A3.6 3.6 0 1 1 0 3.6 3.6 3.6 0 0 1 0-3.6ZM0-8.4V-6.2M0 6.2V8.4M-8.4 0H-6.2M6.2 0H8.4M-5.9-5.9-4.4-4.4M4.4 4.4 5.9 5.9M5.9-5.9 4.4-4.4M-4.4 4.4-5.9 5.9',
  load: 'M-6.5-.6 0-6.8 6.5-.6M-4.8-2.2V6H4.8V-2.2M-1.5 6V1.8H1.5V6',
  grid: 'M-3.6 7.5 0-7.5 3.6 7.5M-5-3.6H5M-6-.2H6M-2.9 4.4 2.2-.2M2.9 4.4-2.2-.2',
  battery: 'M-7-3.8H5.4V3.8H-7ZM7.6-1.2V1.2M-4.2-1.2V1.2M-.8-1.2V1.2',
  generator: 'M-7-3H7V5H-7ZM-4.6-3V-6H.4V-3M1.6-1.4-.8 1.4H1.6L-.4 3.8',
};

/** The energy-flow picture. Everything in it is geometry and classes: no inline style, so the strict CSP holds. */
export function FlowPicture({ view }: { view: LiveView }) {
  const layout = flowLayout(new Set(view.nodes.map((node) => node.name)));
  const lines = flowLines(layout);
  return (
    <svg
      class="flow"
      id="flow"
      viewBox={`0 0 360 ${layout.height}`}
      width="360"
      height={layout.height}
      role="img"
      aria-label={describe(view)}
    >
      <g class="flow-tracks">
        {lines.map((line) => (
          <path d={line.path} />
        ))}
      </g>
      {lines.map((line) => (
        <Line line={line} watts={view.flows.lines[line.name]} />
      ))}
      {view.nodes.map((node) => {
        const place = layout.places[node.name];
        return place && <Node node={node} place={place} view={view} />;
      })}
    </svg>
  );
}

function Line({ line, watts }: { line: FlowLine; watts: number }) {
  const width = lineWidth(watts);
  return (
    <g
      id={`line-${line.name}`}
      class={`flow-line ${line.from} ${watts > 0 ? `is-on pace-${linePace(watts)}` : 'is-off'}`}
      data-from={line.from}
      data-to={line.to}
    >
      <path class="flow-band" d={line.path} stroke-width={width} />
      <path class="flow-beads" d={line.path} stroke-width={Math.max(2.5, width * 0.62)} />
      <path
        class="flow-arrow"
        d="M-6-7 7 0-6 7Z"
        transform={`translate(${line.middle.x} ${line.middle.y}) rotate(${line.middle.angle})`}
      />
    </g>
  );
}

function Node({ node, place, view }: { node: LiveNode; place: NodePlace; view: LiveView }) {
  const { x, y, r, out } = place;
  const badge = 15;
  const hasState = node.name !== 'solar' && node.name !== 'load';
  const isStale = node.freshness === 'stale' && node.value !== null;
  const isBattery = node.name === 'battery' && view.soc !== null;
  return (
    <g
      class={`flow-node ${node.name}${isUnknown(node, view) ? ' is-unknown' : ''}`}
      id={`node-${node.name}`}
      data-node={node.name}
      transform={`translate(${x} ${y})`}
    >
      <circle class="flow-disc" r={r} />
      <Ring node={node} view={view} r={r} />
      <g class="flow-badge" transform={`translate(${out[0] * (r + 3)} ${out[1] * (r + 3)})`}>
        <circle r={badge} />
        <path d={glyphs[node.name]} />
      </g>
      <g transform={`translate(${-out[0] * 5} 0)`}>
        {isBattery && view.soc ? (
          <>
            <Figure value={view.soc} className="flow-main" y={-6} />
            {view.soc.freshness === 'stale' ? (
              <text class="flow-state" y="15">{`was ${view.soc.shown.text} %`}</text>
            ) : (
              <Figure value={node} className="flow-second" y={15} />
            )}
            <text class="flow-state" y="32">
              {node.state || ' '}
            </text>
          </>
        ) : (
          <>
            <text class="flow-name" y={hasState ? -18 : -13}>
              {names[node.name]}
            </text>
            <Figure value={node} className="flow-main" y={hasState ? 8 : 14} />
            <text class="flow-state" y={hasState ? 27 : 33}>
              {isStale ? `was ${node.shown.text} ${node.shown.unit}` : node.state || ' '}
            </text>
          </>
        )}
      </g>
    </g>
  );
}

const isUnknown = (node: LiveNode, view: LiveView): boolean =>
  node.value === null && !(node.name === 'battery' && view.soc !== null);

/** A value, and in its place its age once it is stale; the browser counts on between two events. */
function Figure({ value, className, y }: { value: LiveValue; className: string; y: number }) {
  const { shown, limits } = value;
  const isLong = shown.text.length > 4;
  return (
    <g class={`figure ${className}${isLong ? ' is-long' : ''}`} data-age={value.freshness} {...ageAttributes(value)}>
      <text class="figure-now" y={y} data-limits={limits.staleMs}>
        {shown.text}
        {shown.text !== '-' && (
          <tspan class="flow-unit" dx="3">
            {shown.unit}
          </tspan>
        )}
        {value.isDerived && (
          <tspan class="flow-derived" dx="2">
            •
          </tspan>
        )}
      </text>
      <text class="figure-age" y={y} data-age-text="">
        {value.age}
      </text>
    </g>
  );
}

/** What the browser needs to keep an age counting: when it was measured, and from when on it fades and retires. */
export function ageAttributes(value: { time: number | null; limits: { ageingMs: number; staleMs: number } }) {
  if (value.time === null) return {};
  return { 'data-time': value.time, 'data-ageing': value.limits.ageingMs, 'data-stale': value.limits.staleMs };
}

interface Arc {
  className: string;
  from: number;
  length: number;
}

/** The ring says how full (battery), or where what the house uses comes from; for the others it is their colour. */
function Ring({ node, view, r }: { node: LiveNode; view: LiveView; r: number }) {
  const arcs = ringArcs(node, view);
  return (
    <g class="flow-ring" transform="rotate(-90)">
      <circle class="flow-ring-track" r={r} />
      {arcs.map((arc) => (
        <circle
          class={`flow-arc ${arc.className}`}
          r={r}
          pathLength="100"
          stroke-dasharray={`${arc.length} ${100 - arc.length}`}
          stroke-dashoffset={-arc.from}
        />
      ))}
    </g>
  );
}

function ringArcs(node: LiveNode, view: LiveView): Arc[] {
  const round = (share: number): number => Math.round(share * 1000) / 10;
  if (node.name === 'battery' && view.soc?.value != null) {
    if (view.soc.freshness === 'stale') return [];
    return [{ className: 'battery', from: 0, length: round(view.soc.value / 100) }];
  }
  if (node.value === null || node.freshness === 'stale') return [];
  if (node.name !== 'battery' && Math.abs(node.value) <= QUIET_W) return [];
  if (node.name !== 'load') return [{ className: node.name, from: 0, length: 100 }];
  const { lines } = view.flows;
  const parts = [
    ['solar', lines.solarToLoad],
    ['battery', lines.batteryToLoad],
    ['generator', lines.generatorToLoad],
    ['grid', lines.gridToLoad],
  ] as const;
  const all = parts.reduce((sum, [, watts]) => sum + watts, 0);
  if (all <= 0) return [{ className: 'load', from: 0, length: 100 }];
  let from = 0;
  return parts.flatMap(([className, watts]) => {
    const arc = { className, from, length: round(watts / all) };
    from += arc.length;
    return watts > 0 ? [arc] : [];
  });
}

/** The picture in words, for those who hear it. */
function describe(view: LiveView): string {
  const say = (value: LiveValue): string =>
    value.freshness === 'stale' ? `last heard ${value.age}` : joinShown(value.shown).replace('\u00a0', ' ');
  const parts = view.nodes.map((node) => {
    const charge = node.name === 'battery' && view.soc ? `${say(view.soc)}, ` : '';
    return `${names[node.name]} ${charge}${node.value === null ? 'unknown' : say(node)}${node.state ? ` ${node.state}` : ''}`;
  });
  return `${view.sentence} ${parts.join('; ')}.`;
}
