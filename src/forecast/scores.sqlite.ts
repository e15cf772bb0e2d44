import type { Database } from 'bun:sqlite';
import { inTransaction } from '../platform/sqlite.ts';
import type { DayState, ForecastSubject, KeptDayScore, KeptLeadScore, ScoreStore } from './ports.ts';
import type { DayFacts } from './score/day-facts.ts';

const leadColumns = `lead, intervals, error_w AS errorW, reference_error_w AS referenceErrorW,
  persistence_error_w AS persistenceErrorW, clear_persistence_error_w AS clearPersistenceErrorW,
  bias_w AS biasW, judged, inside, date`;
const dayColumns = `date, days_ahead AS daysAhead, issued_at_ms AS issuedAt, actual_kwh AS actualKwh, p10_kwh AS p10Kwh,
  p50_kwh AS p50Kwh, p90_kwh AS p90Kwh, persistence_kwh AS persistenceKwh, known_share AS knownShare, facts_json AS factsJson`;

type DayRow = Omit<KeptDayScore, 'facts'> & { factsJson: string };
interface StateRow {
  date: string;
  weights_json: string;
  widths_json: string;
}

/** `ScoreStore` on SQLite. */
export function createScoreStore(db: Database): ScoreStore {
  const between = 'WHERE source_id = ? AND quantity = ? AND date >= ? AND date <= ? ORDER BY date';
  const key = ({ sourceId, quantity }: ForecastSubject): [string, string] => [sourceId, quantity];
  const states = (subject: ForecastSubject, first: string, last: string): DayState[] =>
    db
      .query<StateRow, [string, string, string, string]>(`SELECT * FROM forecast_states ${between}`)
      .all(...key(subject), first, last)
      .map(toState);
  return {
    leads: (subject, first, last) =>
      db
        .query<KeptLeadScore, [string, string, string, string]>(
          `SELECT ${leadColumns} FROM forecast_lead_scores ${between}, lead`,
        )
        .all(...key(subject), first, last),
    days: (subject, first, last) =>
      db
        .query<DayRow, [string, string, string, string]>(
          `SELECT ${dayColumns} FROM forecast_day_scores ${between}, days_ahead`,
        )
        .all(...key(subject), first, last)
        .map(({ factsJson, ...day }) => ({ ...day, facts: JSON.parse(factsJson) as DayFacts })),
    lastDate: (subject) =>
      db
        .query<{ last: string | null }, [string, string]>(
          'SELECT max(date) AS last FROM forecast_lead_scores WHERE source_id = ? AND quantity = ?',
        )
        .get(...key(subject))?.last ?? null,
    put: (subject, date, leads, days) => inTransaction(db, () => putScores(db, key(subject), date, leads, days)),
    state: (subject) => {
      const row = db
        .query<StateRow, [string, string]>(
          'SELECT * FROM forecast_states WHERE source_id = ? AND quantity = ? ORDER BY date DESC LIMIT 1',
        )
        .get(...key(subject));
      return row && toState(row);
    },
    states,
    putState(subject, { date, weights, widths }) {
      db.query('INSERT OR REPLACE INTO forecast_states VALUES (?, ?, ?, ?, ?)').run(
        ...key(subject),
        date,
        JSON.stringify(weights),
        JSON.stringify(widths),
      );
    },
  };
}

const toState = (row: StateRow): DayState => ({
  date: row.date,
  weights: JSON.parse(row.weights_json) as DayState['weights'],
  widths: JSON.parse(row.widths_json) as DayState['widths'],
});

function putScores(
  db: Database,
  key: [string, string],
  date: string,
  leads: Parameters<ScoreStore['put']>[2],
  days: readonly KeptDayScore[],
): void {
  for (const table of ['forecast_lead_scores', 'forecast_day_scores'])
    db.query(`DELETE FROM ${table} WHERE source_id = ? AND quantity = ? AND date = ?`).run(...key, date);
  const lead = db.query('INSERT INTO forecast_lead_scores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const one of leads)
    lead.run(
      ...key,
      ...[date, one.lead, one.intervals, one.errorW, one.referenceErrorW, one.persistenceErrorW],
      ...[one.clearPersistenceErrorW, one.biasW, one.judged, one.inside],
    );
  const day = db.query('INSERT INTO forecast_day_scores VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  for (const one of days)
    day.run(
      ...key,
      ...[one.date, one.daysAhead, one.issuedAt, one.actualKwh, one.p10Kwh, one.p50Kwh, one.p90Kwh],
      ...[one.persistenceKwh, one.knownShare, JSON.stringify(one.facts)],
    );
}
