import { formatPower, joinShown, unknownText } from '../../src/core/format.ts';
import type { LeadView } from '../../src/forecast/forecast-view.ts';
import { accuracyHeadline, accuracyLead, coverageText, rivalsOf } from '../../src/forecast/pages/accuracy-words.ts';
import { type AccuracyFrame, accuracySpans } from '../../src/forecast/pages/frames.ts';
import { forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { type Column, EmptyState, LinkButton, Table, Tabs } from '../parts/index.ts';
import { Blend } from './blend.tsx';
import { Coverage } from './coverage.tsx';
import { ForecastPageTabs, ForecastScopeTabs, OfWhat } from './forecast-tabs.tsx';
import { JudgedDays } from './judged-days.tsx';
import { LeadChart } from './lead-chart.tsx';
import { WorstDays } from './worst-days.tsx';

/** The Accuracy page: how often the forecasts were right, and what they were held against. */
export function AccuracyPage({ frame }: { frame: AccuracyFrame }) {
  const { view, days, place } = frame;
  return (
    <div class="forecast">
      <ForecastPageTabs scope={frame} page="forecast/accuracy" />
      <ForecastScopeTabs scope={frame} page="forecast/accuracy" />
      <header class="forecast-head">
        <h1>{accuracyHeadline(view)}</h1>
        <p class="page-lead">
          <OfWhat scope={frame} />
          {accuracyLead(view)}
        </p>
      </header>
      <Tabs
        label="Days that are looked back on"
        tabs={accuracySpans.map((span) => ({
          label: span === 365 ? 'A year' : `${span} days`,
          href: forecastUrl(place, { days: span }, 'forecast/accuracy'),
          isActive: span === days,
        }))}
      />
      {view.leads.length === 0 ? <NothingJudged frame={frame} /> : <Judged frame={frame} />}
      <Blend models={frame.models} />
    </div>
  );
}

function NothingJudged({ frame: { place, days } }: { frame: AccuracyFrame }) {
  return (
    <EmptyState
      title={`Nothing was judged in the last ${days} days`}
      action={
        <LinkButton kind="primary" href={forecastUrl(place)}>
          See the forecast
        </LinkButton>
      }
    >
      Each night the forecasts of the day before are held against what came. The first score appears the night after the
      first whole day that was forecast and measured.
    </EmptyState>
  );
}

function Judged({ frame }: { frame: AccuracyFrame }) {
  const { view, place } = frame;
  return (
    <>
      <section class="stack" aria-labelledby="leads-title">
        <header>
          <h2 id="leads-title">By how far ahead it looked</h2>
          <p class="hint">Mean error of the power, nights included; the shorter the bar, the better.</p>
        </header>
        <LeadChart view={view} />
        <details class="fold">
          <summary>The same as figures</summary>
          <LeadTable frame={frame} />
        </details>
      </section>
      <Coverage view={view} />
      <JudgedDays view={view} place={place} />
      <WorstDays view={view} place={place} />
    </>
  );
}

function LeadTable({ frame: { view } }: { frame: AccuracyFrame }) {
  const watts = (value: number | null): string => (value === null ? unknownText : joinShown(formatPower(value)));
  const columns: Column<LeadView>[] = [
    { label: 'Ahead', isHeader: true, cell: (lead) => lead.label },
    { label: 'Ampra', isNumber: true, cell: (lead) => watts(lead.errorW) },
    ...rivalsOf(view.subject.quantity).map((rival) => ({
      label: rival.label,
      isNumber: true,
      cell: (lead: LeadView) => watts(rival.errorOf(lead)),
    })),
    { label: 'Too high (+) or low by', isNumber: true, cell: (lead) => watts(lead.biasW) },
    { label: 'Within the band', isNumber: true, cell: (lead) => coverageText(lead.coverage) },
  ];
  return (
    <Table
      caption="Mean absolute error of the power by how far ahead the forecast looked"
      columns={columns}
      rows={view.leads}
      phone="scroll"
    />
  );
}
