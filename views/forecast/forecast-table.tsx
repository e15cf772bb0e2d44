import { formatDate, formatNumber, unknownText } from '../../src/core/format.ts';
import type { FanHour, FanModel } from '../../src/forecast/pages/fan-model.ts';
import { type Column, Table } from '../parts/index.ts';

export interface ForecastTableProps {
  model: FanModel;
  isSolar: boolean;
  linkOf(hour: FanHour): string;
}

/** The chart as figures, an hour a row, each with the way to what moved it. */
export function ForecastTable({ model, isSolar, linkOf }: ForecastTableProps) {
  const watts = (value: number | null): string => (value === null ? unknownText : formatNumber(value));
  const figure = (label: string, of: (hour: FanHour) => number | null): Column<FanHour> => ({
    label,
    isNumber: true,
    cell: (hour) => watts(of(hour)),
  });
  const columns: Column<FanHour>[] = [
    { label: 'From', isHeader: true, cell: ({ from }) => formatDate(from, model.timeZone, 'dateTime') },
    figure('Likely', ({ step }) => step.p50W),
    figure('1 in 10 below', ({ step }) => step.p10W),
    figure('1 in 10 above', ({ step }) => step.p90W),
    figure('Measured', ({ cameW }) => cameW),
    figure(isSolar ? 'Physics alone' : 'Usual', ({ step }) => step.referenceW),
    {
      label: 'Why',
      cell: (hour) => (
        <a href={linkOf(hour)} aria-label={`Why, ${formatDate(hour.from, model.timeZone, 'dateTime')}`}>
          Why
        </a>
      ),
    },
  ];
  return (
    <div class="forecast-table">
      <Table
        caption={`Mean power of each hour in W, times in ${model.timeZone}`}
        showsCaption
        columns={columns}
        rows={model.hours}
        phone="scroll"
      />
    </div>
  );
}
