import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { BatteryTile } from '../../../views/forecast/battery-tile.tsx';
import { OutlookTile, SourceForecastCard } from '../../../views/forecast/outlook.tsx';
import type { Clock } from '../../core/clock.ts';
import type { Source } from '../../sources/source.ts';
import type { BatteryNow } from '../../telemetry/battery/battery-now.ts';
import type { AppEnv } from '../../web/routes.ts';
import type { ForecastReader } from '../ports.ts';
import type { ForecastOutlooks } from './outlook-service.ts';

export interface OutlookDeps {
  outlooks: ForecastOutlooks;
  reader: Pick<ForecastReader, 'quantitiesOf'>;
  clock: Clock;
}

/** What the Live page says of the hours to come: of the sun, and of the battery where it can be told. */
export function liveOutlook({
  outlooks,
  clock,
}: OutlookDeps): (sources: readonly Source[], show: string, battery: BatteryNow | null) => Child {
  return (sources, show, battery) => {
    const outlook = outlooks.of(sources);
    const course = battery && outlooks.course(sources, battery);
    const [first] = sources;
    const when = { now: clock.now(), timeZone: first?.timeZone ?? 'UTC' };
    return (
      <>
        {course && first && <BatteryTile course={course} place={first} {...when} />}
        {outlook && <OutlookTile outlook={outlook} {...when} show={show} />}
      </>
    );
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
