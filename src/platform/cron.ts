import { createTask, type ScheduledTask, validate } from 'node-cron';

/** Calls functions at the times of cron expressions. It only triggers; what it triggers is queued in the job table. */
export class CronTriggers {
  private readonly tasks: ScheduledTask[] = [];
  private isStarted = false;

  constructor(private readonly timeZone?: string) {}

  /** Throws when the expression is not one. */
  add(expression: string, onTime: () => void): void {
    if (!validate(expression)) throw new Error(`not a cron expression: ${expression}`);
    const task = createTask(expression, onTime, this.timeZone ? { timezone: this.timeZone } : {});
    this.tasks.push(task);
    if (this.isStarted) void task.start();
  }

  start(): void {
    this.isStarted = true;
    for (const task of this.tasks) void task.start();
  }

  stop(): void {
    this.isStarted = false;
    for (const task of this.tasks) void task.stop();
  }
}

/** The first time [ms UTC] after `after` that the expression names, in `timeZone` or the machine's own; null when never. */
export function nextTime(expression: string, after: number, timeZone?: string): number | null {
  // Expressions with seconds fire so often that nothing of them is missed.
  if (expression.trim().split(/\s+/).length !== 5) return null;
  return Bun.cron.parse(expression, new Date(after), timeZone ? { tz: timeZone } : {})?.getTime() ?? null;
}
