import type { SoakReport } from './soaked-house.ts';

/** In its first minutes memory still settles: pages are seen for the first time, heaps and caches take their size. */
const SETTLES_S = 600;
const SETTLING_MB = 64;
/** After that a leak of a few hundred bytes a reading shows within the hour. */
const GROWTH_MB = 25;
const MORE_HANDLES = 5;
/** Beyond what the machine lets a process be late that does nothing. */
const LOOP_DELAY_P99_MS = 50;

/** What is wrong with a soak, in words; empty when all is well. */
export function judge(report: SoakReport): string[] {
  const { residentMb, handles } = report;
  const growthMb = report.seconds < SETTLES_S ? SETTLING_MB : GROWTH_MB;
  const late = report.loopDelayP99Ms - report.machineDelayP99Ms;
  const checks: [boolean, string][] = [
    [report.readings > 0 && report.notAcknowledged === 0, `${report.notAcknowledged} readings were not acknowledged`],
    [report.failedPages === 0 && report.pages > 0, `${report.failedPages} of ${report.pages} pages failed`],
    [report.liveEvents > 0, 'the Live page heard nothing'],
    [report.backups > 0, 'no backup was made'],
    [report.trainings.begun > 0, 'no model was trained'],
    [residentMb.late < residentMb.early + growthMb, `memory grew from ${residentMb.early} to ${residentMb.late} MB`],
    [handles.late <= handles.early + MORE_HANDLES, `open files grew from ${handles.early} to ${handles.late}`],
    [late < LOOP_DELAY_P99_MS, `the main loop was late by ${late} ms (p99)`],
  ];
  return checks.filter(([isWell]) => !isWell).map(([, words]) => words);
}
