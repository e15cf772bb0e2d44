import type { ForecastScope } from '../../src/forecast/pages/frames.ts';
import { NoForecastYet } from './empty.tsx';
import { type ForecastPageName, ForecastPageTabs, ForecastScopeTabs } from './forecast-tabs.tsx';

/** The place of scores and models while nothing is forecast of a source. */
export function NothingOfSource({ scope, page }: { scope: ForecastScope; page: ForecastPageName }) {
  return (
    <div class="forecast">
      <ForecastPageTabs scope={scope} page={page} />
      <NoForecastYet frame={{ ...scope, waiting: { isLearning: false, problem: null } }} />
      <ForecastScopeTabs scope={scope} page={page} />
    </div>
  );
}
