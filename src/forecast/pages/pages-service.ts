import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import type { SunPlace } from '../../core/solar/place.ts';
import type { Source } from '../../sources/source.ts';
import { houseZone } from '../../telemetry/house/house.ts';
import type { ForecastView } from '../forecast-view.ts';
import { type ForecastQuantity, forecastQuantities } from '../issue.ts';
import type { ForecastDesk, ForecastSubject } from '../ports.ts';
import type { ForecastChoices } from './choices-service.ts';
import { combineForecasts } from './combine-forecasts.ts';
import { fanModel } from './fan-model.ts';
import {
  type AccuracyFrame,
  calledBack,
  type ForecastChoice,
  type ForecastFrame,
  type ForecastScope,
  type IssueChoice,
  type ModelFrame,
} from './frames.ts';
import { issueChoices } from './issue-choices.ts';
import type { ForecastRequest } from './page-query.ts';

export interface ForecastPagesDeps {
  desk: ForecastDesk;
  choices: ForecastChoices;
  clock: Clock;
  /** The zone of the place where the appliance stands; null while nobody said. */
  siteZone?(): string | null;
}

type Wish = Pick<ForecastRequest, 'show' | 'quantity'>;

/** Gathers what the pages of forecasts show. Whatever the viewer may not see is undefined, as if it were not there. */
export class ForecastPages {
  constructor(private readonly deps: ForecastPagesDeps) {}

  choices(viewer: Viewer): ForecastChoice[] {
    return this.deps.choices.of(viewer);
  }

  /** The Forecast page; undefined when there is no such choice. */
  async frame(viewer: Viewer, request: ForecastRequest): Promise<ForecastFrame | undefined> {
    const scope = this.scope(this.choices(viewer), request);
    if (!scope) return undefined;
    const { choice, place, now } = scope;
    const subjects = choice.subjects[place.quantity];
    const timeZone = this.zoneOf(choice, subjects);
    const view = await this.view(viewer, subjects, timeZone, request.at);
    const model = view && fanModel(view, request.span, now, placeOf(choice, subjects));
    const waits = subjects.map((subject) => this.deps.desk.waiting(viewer, subject)).filter((one) => one.ok);
    return {
      ...{ ...scope, request, timeZone },
      shown: view && model ? { view, model } : null,
      waiting: {
        isLearning: waits.some(({ value }) => value.isLearning),
        problem: waits.find(({ value }) => value.problem !== null)?.value.problem ?? null,
      },
      issues: this.issues(viewer, subjects[0], timeZone, request.at === null ? null : (view?.issuedAt ?? null)),
      lacksCapacity: place.quantity === 'solar' ? withoutCapacity(choice, subjects) : [],
    };
  }

  /** The Accuracy page, of one source; undefined when there is no such choice or nothing is forecast of it. */
  async accuracy(viewer: Viewer, wish: Wish, days: number): Promise<AccuracyFrame | undefined> {
    const scope = this.single(viewer, wish);
    const subject = scope?.choice.subjects[scope.place.quantity][0];
    if (!scope || !subject) return undefined;
    const view = this.deps.desk.accuracy(viewer, subject, days);
    const models = await this.deps.desk.models(viewer, subject);
    return view.ok && models.ok ? { ...scope, days, view: view.value, models: models.value } : undefined;
  }

  /** The Model page, of one source; undefined when there is no such choice or nothing is forecast of it. */
  async model(viewer: Viewer, wish: Wish): Promise<ModelFrame | undefined> {
    const scope = this.single(viewer, wish);
    const subject = scope?.choice.subjects[scope.place.quantity][0];
    const source = scope?.choice.sources[0];
    if (!scope || !subject || !source) return undefined;
    const view = await this.deps.desk.models(viewer, subject);
    return view.ok ? { ...scope, source, view: view.value } : undefined;
  }

  /** Scores and models are those of single sources: asked for the house or a group, the largest that adds to it answers. */
  single(viewer: Viewer, wish: Wish): ForecastScope | undefined {
    const all = this.choices(viewer);
    const sum = all.find(({ key }) => key === (wish.show ?? 'house') && !isSingle(key));
    const quantity = forecastQuantities.find((one) => isWanted(wish, one) && sum && sum.subjects[one].length > 0);
    const largest = sum && quantity ? largestOf(sum, sum.subjects[quantity]) : undefined;
    const first = largest ?? (sum && { sourceId: sum.sources[0]?.id });
    const show = first ? `source:${first.sourceId}` : wish.show;
    const scope = this.scope(
      all.filter(({ key }) => isSingle(key)),
      { ...wish, show },
    );
    return scope && sum ? { ...scope, standsFor: sum.key } : scope;
  }

  private scope(choices: readonly ForecastChoice[], { show, quantity }: Wish): ForecastScope | undefined {
    // A house of one source is that source.
    const isFirst = show === null || (show === 'house' && !choices.some(({ key }) => key === 'house'));
    const usual = choices.find(({ subjects }) => quantity !== null && subjects[quantity].length > 0);
    const choice = isFirst
      ? (usual ?? choices.find(isForecast) ?? choices[0])
      : choices.find(({ key }) => key === show);
    if (!choice) return undefined;
    const offered = choices.filter((one) => one === choice || isForecast(one));
    const quantities = forecastQuantities.filter((one) => choice.subjects[one].length > 0);
    const chosen = quantity !== null && quantities.includes(quantity) ? quantity : (quantities[0] ?? 'solar');
    const place = { show: choice.key, quantity: chosen };
    return { choices: offered, choice, quantities, place, now: this.deps.clock.now() };
  }

  private async view(
    viewer: Viewer,
    subjects: readonly ForecastSubject[],
    timeZone: string,
    at: number | null,
  ): Promise<ForecastView | null> {
    const answers = await Promise.all(
      subjects.map((subject) => this.deps.desk.forecast(viewer, subject, at ?? undefined)),
    );
    const views = answers.flatMap((answer) => (answer.ok && answer.value ? [answer.value] : []));
    return views.length > 0 ? combineForecasts(views, timeZone) : null;
  }

  private issues(
    viewer: Viewer,
    subject: ForecastSubject | undefined,
    timeZone: string,
    shown: number | null,
  ): IssueChoice[] {
    if (!subject) return [];
    const now = this.deps.clock.now();
    const found = this.deps.desk.issues(viewer, subject, calledBack(now));
    const times = found.ok ? found.value.map(({ issuedAt }) => issuedAt) : [];
    return issueChoices(times, now, timeZone, shown);
  }

  private zoneOf({ sources }: ForecastChoice, subjects: readonly ForecastSubject[]): string {
    const own = sources.filter(({ id }) => subjects.some(({ sourceId }) => sourceId === id));
    const zones = (own.length > 0 ? own : sources).map(({ timeZone }) => timeZone);
    return houseZone(zones, zones.length > 1 ? (this.deps.siteZone?.() ?? null) : null);
  }
}

const isSingle = (key: string): boolean => key.startsWith('source:');
const isWanted = ({ quantity }: Wish, one: ForecastQuantity): boolean => quantity === null || quantity === one;

/** By the peak power that was stated; of equals, and where nobody stated any, the first. */
function largestOf({ sources }: ForecastChoice, subjects: readonly ForecastSubject[]): ForecastSubject | undefined {
  const peakOf = ({ sourceId }: ForecastSubject): number => {
    const source = sources.find(({ id }) => id === sourceId);
    return source?.installedCapacityW ?? source?.arrays.reduce((sum, { peakW }) => sum + peakW, 0) ?? 0;
  };
  return subjects.reduce<ForecastSubject | undefined>(
    (best, one) => (best === undefined || peakOf(one) > peakOf(best) ? one : best),
    undefined,
  );
}

const isForecast = ({ subjects }: ForecastChoice): boolean =>
  forecastQuantities.some((quantity) => subjects[quantity].length > 0);

function placeOf({ sources }: ForecastChoice, subjects: readonly ForecastSubject[]): SunPlace {
  const source = sources.find(({ id }) => id === subjects[0]?.sourceId) ?? sources[0];
  return { latitude: source?.latitude ?? 0, longitude: source?.longitude ?? 0 };
}

const withoutCapacity = ({ sources }: ForecastChoice, subjects: readonly ForecastSubject[]): Source[] =>
  sources.filter(
    ({ id, installedCapacityW, arrays }) =>
      subjects.some(({ sourceId }) => sourceId === id) && installedCapacityW === null && arrays.length === 0,
  );
