import type { Child } from 'hono/jsx';
import { formatEnergy, formatPercent, type Shown } from '../../src/core/format.ts';
import type { LiveSource, LiveView } from '../../src/telemetry/live/live-view.ts';
import { percentMeasured, SLEEP, WHOLE } from '../../src/telemetry/quality/coverage-words.ts';
import { ButtonRow, Derived, EmptyState, type Energy, EnergyMark, LinkButton, Notice } from '../parts/index.ts';
import { Faults } from './faults.tsx';
import { ageAttributes, FlowPicture } from './flow.tsx';
import { TelemetryTrouble } from './trouble.tsx';

export interface LiveScope {
  /** `house`, `group:<id>` or `source:<id>`. */
  key: string;
  label: string;
  isActive: boolean;
}

export interface LivePageProps {
  view: LiveView;
  /** What is shown, as addresses call it. */
  show: string;
  /** What later features say beside the sums of the day. */
  cards?: readonly Child[];
  scopes: readonly LiveScope[];
  /** Where the page's events come from. */
  eventsUrl: string;
  isKiosk: boolean;
  /** False while what was measured before the start cannot be read. */
  isWhole: boolean;
  /** May open the System page. */
  isAdmin: boolean;
}

/** The Live page: what flows where, and how the day went so far. */
export function LivePage({ view, show, cards, scopes, eventsUrl, isKiosk, isWhole, isAdmin }: LivePageProps) {
  return (
    <div class={isKiosk ? 'live live-kiosk' : 'live'}>
      {!isWhole && <TelemetryTrouble isAdmin={isAdmin} />}
      {scopes.length > 1 && !isKiosk && <ScopePicker scopes={scopes} />}
      <p class="visually-hidden" aria-live="polite" id="live-voice" />
      <div id="live" hx-sse:connect={eventsUrl} hx-swap="innerMorph" hx-target="this">
        <LiveBody view={view} show={show} isWhole={isWhole} {...(cards ? { cards } : {})} />
      </div>
    </div>
  );
}

/** What an event replaces: the whole picture at that moment. */
export function LiveBody({ view, show, cards, isWhole }: Pick<LivePageProps, 'view' | 'show' | 'cards' | 'isWhole'>) {
  if (view.isEmpty) return isWhole ? <Waiting view={view} /> : <NothingSinceStart />;
  return (
    <div class="live-grid" data-now={view.now}>
      <section class="live-now" aria-label="Now">
        <h1 class="live-sentence" id="live-sentence">
          {view.sentence}
        </h1>
        <Faults faults={view.faults} />
        <FlowPicture view={view} />
        <p class="live-outlook" id="live-outlook">
          {view.imbalance ?? view.batteryOutlook ?? '\u00a0'}
        </p>
      </section>
      <div class="live-side">
        <Today view={view} show={show} isWhole={isWhole} />
        {cards}
        <Sources sources={view.sources} />
      </div>
    </div>
  );
}

function Today({ view, show, isWhole }: Pick<LivePageProps, 'view' | 'show' | 'isWhole'>) {
  const { today } = view;
  return (
    <section class="today" id="today" aria-labelledby="today-title">
      <header class="today-head">
        <h2 id="today-title">Today</h2>
        <a class="today-more" href={show === 'house' ? '/totals' : `/totals?show=${encodeURIComponent(show)}`}>
          Days before
        </a>
      </header>
      {view.hasGrid && (
        <p class="today-hero">
          <span class="today-hero-figure">
            <Amount shown={formatPercent(today.selfSufficiency === null ? null : today.selfSufficiency * 100)} />
          </span>
          <span class="today-hero-label">self-sufficient{today.selfSufficiency === null ? ': not known yet' : ''}</span>
        </p>
      )}
      <div class="today-sums">
        <Sum energy="solar" label="Produced" kwh={today.solarKwh} most={mostOf(view)} />
        <Sum
          energy="load"
          label="Used"
          kwh={today.loadKwh}
          most={mostOf(view)}
          {...(today.isLoadDerived ? { derived: 'Worked out from production and the grid meter' } : {})}
        />
        {view.hasGrid && (
          <>
            <Sum energy="grid" label="Bought" kwh={today.importKwh} most={mostOf(view)} />
            <Sum energy="grid" label="Sold" kwh={today.exportKwh} most={mostOf(view)} isOut />
          </>
        )}
        {view.hasBattery && (
          <>
            <Sum energy="battery" label="Charged" kwh={today.chargeKwh} most={mostOf(view)} />
            <Sum energy="battery" label="Discharged" kwh={today.dischargeKwh} most={mostOf(view)} isOut />
          </>
        )}
      </div>
      <p class="today-note hint" id="today-note">
        {isWhole ? coverageNote(view) : 'The sums of the day are not known while the telemetry database is not open.'}
      </p>
    </section>
  );
}

function mostOf(view: LiveView): number {
  const { solarKwh, loadKwh, importKwh, exportKwh, chargeKwh, dischargeKwh } = view.today;
  return Math.max(0.1, ...[solarKwh, loadKwh, importKwh, exportKwh, chargeKwh, dischargeKwh].map((kwh) => kwh ?? 0));
}

function coverageNote({ nodes, today: { coverage, rests } }: LiveView): string {
  if (coverage >= WHOLE) return 'Measured without gaps so far.';
  if (rests === 'all') return `Measured all day so far; ${SLEEP}.`;
  if (coverage > 0) return `Measured for ${percentMeasured(coverage)} of the day so far.`;
  const reports = nodes.some(({ value, freshness }) => value !== null && freshness === 'fresh');
  return reports ? 'Measuring has just begun: sums follow.' : 'Nothing has been measured today yet.';
}

interface SumProps {
  energy: Energy;
  label: string;
  kwh: number | null;
  /** The largest sum of the day: the length of a full bar. kWh. */
  most: number;
  isOut?: boolean;
  derived?: string;
}

/** One sum of the day: name, figure, and a bar that compares it with the others. */
function Sum({ energy, label, kwh, most, isOut, derived }: SumProps) {
  const length = kwh === null ? 0 : Math.round((kwh / most) * 1000) / 10;
  return (
    <div class={`sum ${energy}${isOut ? ' is-out' : ''}`}>
      <p class="sum-label">
        <EnergyMark energy={energy} />
        {label}
        {derived && <Derived why={derived} />}
      </p>
      <p class="sum-figure">
        <Amount shown={formatEnergy(kwh)} />
      </p>
      <svg class="sum-bar" width="100%" height="4" aria-hidden="true">
        <rect class="sum-bar-track" width="100%" height="4" rx="2" />
        <rect class="sum-bar-fill" width={`${length}%`} height="4" rx="2" />
      </svg>
    </div>
  );
}

function Amount({ shown }: { shown: Shown }) {
  return (
    <>
      <span class="number">{shown.text}</span>
      {shown.text !== '-' && <span class="unit">{shown.unit}</span>}
    </>
  );
}

function Sources({ sources }: { sources: readonly LiveSource[] }) {
  return (
    <section class="live-sources" id="live-sources" aria-label="Sources">
      <ul>
        {sources.map((source) => (
          <li class="live-source" id={`source-${source.id}`}>
            <a href={`/sources/${source.id}`}>{source.name}</a>
            <SourceAge source={source} />
            {source.trouble && (
              <span class={`live-source-trouble${source.trouble.needsHand ? ' needs-hand' : ''}`}>
                {source.trouble.words}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SourceAge({ source }: { source: LiveSource }) {
  if (source.freshness === 'never') return <span class="live-source-age is-silent">no reading yet</span>;
  if (source.repeatsFor !== null)
    return <span class="live-source-age is-silent">sends the very same for {source.repeatsFor}: old values?</span>;
  return (
    <span
      class={`live-source-age${source.isAsleep ? ' is-asleep' : ''}`}
      data-age={source.freshness}
      {...ageAttributes(source)}
    >
      <span class="live-source-word">{source.isAsleep ? 'asleep till sunrise, heard' : 'last heard'}</span>{' '}
      <span data-age-text="">{source.text}</span>
    </span>
  );
}

function Waiting({ view }: { view: LiveView }) {
  const [first] = view.sources;
  const hindered = view.sources.filter(({ trouble }) => trouble !== null);
  return (
    <div class="stack">
      {hindered.map(({ id, name, trouble }) => (
        <Notice kind={trouble?.needsHand ? 'problem' : 'note'} title={`${name}: ${trouble?.words}`}>
          <a href={`/sources/${id}`}>What happened, and what to do</a>
        </Notice>
      ))}
      <NothingYet first={first} />
    </div>
  );
}

function NothingYet({ first }: { first: LiveSource | undefined }) {
  return (
    <EmptyState
      title="Waiting for the first reading"
      isPage
      action={
        first && (
          <LinkButton kind="primary" href={`/sources/${first.id}`}>
            How to connect it
          </LinkButton>
        )
      }
    >
      {first ? `${first.name} has not reported yet. ` : ''}
      This page starts to move by itself the moment it does.
    </EmptyState>
  );
}

/** Nothing came since the start, and what came before cannot be read. */
function NothingSinceStart() {
  return (
    <EmptyState title="Nothing was heard since Ampra started" isPage>
      This page starts to move by itself the moment a device reports.
    </EmptyState>
  );
}

/** There is no source at all: the page says the next step and offers it. */
export function LiveWithoutSources() {
  return (
    <EmptyState
      title="Connect your first source"
      isPage
      action={
        <ButtonRow>
          <LinkButton kind="primary" href="/sources/new" icon="plus">
            Add a source
          </LinkButton>
          <LinkButton href="/sources/discover">Discover devices</LinkButton>
        </ButtonRow>
      }
    >
      A source is whatever reports: an inverter, a charge controller, a meter. Once it does, you see here what flows
      where.
    </EmptyState>
  );
}

function ScopePicker({ scopes }: { scopes: readonly LiveScope[] }) {
  return (
    <nav class="tabs live-scopes" aria-label="Whose energy">
      {scopes.map((scope) => (
        <a
          href={scope.key === 'house' ? '/' : `/?show=${encodeURIComponent(scope.key)}`}
          title={scope.label}
          {...(scope.isActive ? { 'aria-current': 'page' as const } : {})}
        >
          {scope.label}
        </a>
      ))}
    </nav>
  );
}
