import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { OutlookTile, SourceForecastCard } from '../../../views/forecast/outlook.tsx';
import type { Clock } from '../../core/clock.ts';
import type { Source } from '../../sources/source.ts';
import type { AppEnv } from '../../web/routes.ts';
import type { ForecastReader } from '../ports.ts';
import type { ForecastOutlooks } from './outlook-service.ts';

export interface OutlookDeps {
  outlooks: ForecastOutlooks;
  reader: Pick<ForecastReader, 'quantitiesOf'>;
  clock: Clock;
}

/** What the Live page says of the hours to come. */
export function liveOutlook({ outlooks, clock }: OutlookDeps): (sources: readonly Source[], show: string) => Child {
  return (sources, show) => {
    const outlook = outlooks.of(sources);
    const timeZone = sources[0]?.timeZone ?? 'UTC';
    return outlook && <OutlookTile outlook={outlook} now={clock.now()} timeZone={timeZone} show={show} />;
  };
}

/** The card on a source's page; none where nothing is forecast. */
export function forecastCard({ outlooks, reader, clock }: OutlookDeps): (c: Context<AppEnv>, source: Source) => Child {
  return (_, source) => {
    const [quantity] = reader.quantitiesOf(source.id);
    const outlook = outlooks.of([source]);
    return quantity && <SourceForecastCard {...{ source, quantity, outlook }} now={clock.now()} />;
  };
}
