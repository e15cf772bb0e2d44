import { quantityWords } from '../../src/forecast/pages/forecast-words.ts';
import type { ForecastScope } from '../../src/forecast/pages/frames.ts';
import { forecastUrl } from '../../src/forecast/pages/page-query.ts';
import { Tabs } from '../parts/index.ts';

export type ForecastPageName = 'forecast' | 'forecast/accuracy' | 'forecast/model';

const names: readonly (readonly [ForecastPageName, string])[] = [
  ['forecast', 'Forecast'],
  ['forecast/accuracy', 'Accuracy'],
  ['forecast/model', 'Model'],
];

interface ForecastTabsProps {
  scope: ForecastScope;
  page: ForecastPageName;
}

/** The three pages of forecasts. */
export function ForecastPageTabs({ scope, page }: ForecastTabsProps) {
  const place = { ...scope.place, show: scope.standsFor ?? scope.place.show };
  return (
    <Tabs
      label="Forecast pages"
      tabs={names.map(([name, label]) => ({ label, href: forecastUrl(place, {}, name), isActive: name === page }))}
    />
  );
}

/** Of what: the house, a group or a source, production or consumption. */
export function ForecastScopeTabs({ scope, page }: ForecastTabsProps) {
  const { choices, choice, quantities, place } = scope;
  return (
    <div class="forecast-tabs">
      {quantities.length > 1 && (
        <Tabs
          label="Production or consumption"
          tabs={quantities.map((quantity) => ({
            label: quantityWords[quantity].tab,
            href: forecastUrl({ ...place, quantity }, {}, page),
            isActive: quantity === place.quantity,
          }))}
        />
      )}
      {choices.length > 1 && (
        <Tabs
          label="Of what"
          tabs={choices.map(({ key, label }) => ({
            label,
            href: forecastUrl({ ...place, show: key }, {}, page),
            isActive: key === choice.key,
          }))}
        />
      )}
    </div>
  );
}

/** Scores and models are of one source: where there are several, the sentence begins with whose they are. */
export function OfWhat({ scope: { choices, choice } }: { scope: ForecastScope }) {
  return choices.length > 1 ? <strong>{choice.label}: </strong> : null;
}
