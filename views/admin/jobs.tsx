import { formatDate } from '../../src/core/format.ts';
import type { Job, JobState } from '../../src/core/jobs.ts';
import { Badge, type BadgeKind, Button, EmptyState, Form, Progress, Table } from '../parts/index.ts';

export interface SystemJobsProps {
  /** `about`: whose source it works on; null where it is about none, or one that the viewer may not see. */
  jobs: readonly (Job & { title: string; about: string | null })[];
  timeZone: string;
}

const words: Record<JobState, string> = {
  queued: 'waiting',
  running: 'running',
  succeeded: 'done',
  failed: 'tries again',
  dead: 'given up',
};
const kinds: Record<JobState, BadgeKind> = {
  queued: 'waiting',
  running: 'waiting',
  succeeded: 'ok',
  failed: 'waiting',
  dead: 'alert',
};

/** What works in the background, and what became of it? */
export function SystemJobs({ jobs, timeZone }: SystemJobsProps) {
  const at = (ms: number | null) => (ms === null ? '-' : formatDate(ms, timeZone, 'dateTime'));
  return (
    <Table
      caption="Jobs, newest first"
      columns={[
        { label: 'Job', isHeader: true, cell: (j) => j.title },
        { label: 'About', cell: (j) => j.about ?? '-' },
        { label: 'State', cell: (j) => <State job={j} /> },
        { label: 'Tries', isNumber: true, isWhole: true, cell: (j) => `${j.attempts} of ${j.maxAttempts}` },
        { label: 'Due', cell: (j) => at(j.runAt), isMinor: true, isWhole: true },
        { label: 'Ended', cell: (j) => at(j.finishedAt), isWhole: true },
        { label: 'Trouble', cell: (j) => j.error ?? '-' },
        {
          label: '',
          isWhole: true,
          cell: (j) => (j.state === 'dead' || j.state === 'failed' ? <Retry id={j.id} /> : ''),
        },
      ]}
      rows={jobs}
      empty={
        <EmptyState title="No jobs yet">Work that survives a restart is listed here once there is some.</EmptyState>
      }
    />
  );
}

function State({ job }: { job: Job }) {
  if (job.state === 'running' && job.progress !== null)
    return <Progress label={job.progressText ?? words.running} share={job.progress} />;
  return <Badge kind={kinds[job.state]}>{words[job.state]}</Badge>;
}

function Retry({ id }: { id: string }) {
  return (
    <Form action={`/system/jobs/${id}/retry`} class="inline-form">
      <Button type="submit" small>
        Try now
      </Button>
    </Form>
  );
}
