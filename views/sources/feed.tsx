import type { FeedPhase, SourceFeed } from '../../src/sources/source-feed.ts';
import { Badge, type BadgeKind, Card, LinkButton, Notice } from '../parts/index.ts';

const phases: Record<FeedPhase, { label: string; badge: BadgeKind }> = {
  off: { label: 'Off', badge: 'off' },
  connecting: { label: 'Connecting', badge: 'waiting' },
  connected: { label: 'Connected', badge: 'ok' },
  broken: { label: 'Broken', badge: 'alert' },
};

/** How a connection to another broker is, in one sign. */
export function PhaseMark({ phase }: { phase: FeedPhase }) {
  const { label, badge } = phases[phase];
  return <Badge kind={badge}>{label}</Badge>;
}

/** The other broker and how the line to it is; one line high, whatever it says. */
export function FeedLine({ feed }: { feed: SourceFeed | null }) {
  if (!feed) return null;
  return (
    <p class="source-feed">
      <span>
        Through <a href={feed.href}>{feed.name}</a>
      </span>{' '}
      <PhaseMark phase={feed.phase} />
    </p>
  );
}

/** Instead of how a device logs in: it does not, Ampra goes to it. */
export function FeedCard({ feed }: { feed: SourceFeed }) {
  return (
    <Card
      id="feed"
      title="How it is connected"
      lead={`Ampra listens to “${feed.name}”, a broker of its own. Nothing has to be set up on the device.`}
      actions={
        <LinkButton small href={feed.href}>
          Connection
        </LinkButton>
      }
    >
      {feed.trouble && (
        <Notice kind="problem" title={feed.trouble.reason}>
          <p>{feed.trouble.hint}</p>
        </Notice>
      )}
    </Card>
  );
}
