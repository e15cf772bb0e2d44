import {
  type HistoryContext,
  type HistoryLook,
  type HistoryRequest,
  historyUrl,
  isAgainst,
  toRange,
} from '../../src/telemetry/history/history-query.ts';
import { type HistoryAnswer, HistoryContent, HistoryLoading, storyOf } from './history-content.tsx';
import { HistoryControls } from './history-controls.tsx';
import { ImpossibleRange, NothingStored } from './history-empty.tsx';
import { HistoryHead } from './history-head.tsx';
import type { HistoryScope } from './history-scope.ts';

export interface HistoryProps {
  request: HistoryRequest;
  context: HistoryContext;
  scopes: readonly HistoryScope[];
  /** Where these readings can be corrected; null where they are those of several sources. */
  correctUrl: string | null;
  /** Null while the answer takes longer than the first byte may wait; the browser then asks for it. */
  content: HistoryAnswer | null;
  /** The address that was asked for, with what of it cannot be shown. */
  askedUrl: string;
}

/** The whole of the History page below the navigation; also what the browser asks for when it zooms. */
export function History(props: HistoryProps) {
  const { request, context, content } = props;
  if (content && !context.span && context.available.length === 0) return <NothingStored />;
  return (
    <>
      <HistoryHead request={request} context={context} story={content && !request.problem ? storyOf(content) : null} />
      <section
        class="chart-card"
        id="chart"
        tabindex={0}
        aria-label={
          isAgainst(request)
            ? 'Chart. T shows the table.'
            : 'Chart. Arrow keys read out values, plus and minus zoom, brackets move in time, T shows the table.'
        }
        data-url={historyUrl(request)}
        data-full={usualUrl(request)}
        {...(content === null && !request.problem ? { 'data-load': props.askedUrl } : {})}
      >
        <Shown {...props} />
      </section>
      <p class="visually-hidden" aria-live="polite" id="chart-voice" />
      <HistoryControls request={request} context={context} scopes={props.scopes} correctUrl={props.correctUrl} />
    </>
  );
}

function Shown({ request, context, content }: HistoryProps) {
  if (request.problem) return <ImpossibleRange problem={request.problem} usualHref={usualUrl(request)} />;
  if (!content) return <HistoryLoading request={request} />;
  return (
    <>
      {request.leftOut.length > 0 && (
        <p class="hint chart-left-out">
          Not shown, since nobody here has reported it or it is one line too many: {request.leftOut.join(', ')}.
        </p>
      )}
      <HistoryContent request={request} context={context} content={content} />
    </>
  );
}

const usualUrl = (request: HistoryRequest): string => historyUrl(request, toRange(usualRange(request.look)));
const usualRange = (look: HistoryLook): '24h' | '30d' => (look === 'energy' ? '30d' : '24h');
