import { findMetric, metrics } from '../../src/core/metrics.ts';
import { allUnits } from '../../src/ingest/payload/unit-conversion.ts';
import { Button, ButtonRow, CheckField, Field, FieldRow, Notice, SelectField } from '../parts/index.ts';

/** A line of the mapping as it stands in the form. */
export interface RuleRow {
  topic: string;
  path: string;
  metric: string;
  unit: string;
  factor: string;
  offset: string;
  isFlipped: boolean;
  adds: boolean;
}

interface LineProps {
  row: RuleRow;
  i: number;
  /** By field: `unit-2`. */
  errors: Readonly<Record<string, string>>;
  topics: readonly string[];
  isUnmet: boolean;
  isBegun: boolean;
}

const DEVICE_TIME = 'The device’s time';
const metricOptions = [
  ...metrics.map((metric) => [metric.name, metric.unit ? `${metric.label} (${unitWord(metric.unit)})` : metric.label]),
  ['timestamp', DEVICE_TIME],
] as [string, string][];

/** One line of the form: folded where it is as it should be. */
export function MappingLine({ row, i, errors, topics, isUnmet, isBegun }: LineProps) {
  const isFaulty = Object.keys(errors).some((field) => field.endsWith(`-${i}`));
  const name = `Line ${i + 1}`;
  return (
    <details class="fold rule" open={isUnmet || isBegun || isFaulty || row.topic === '' || row.metric === ''}>
      <summary>{row.metric === '' ? name : `${name}: ${lineWords(row)}`}</summary>
      <fieldset class="fieldset" aria-label={name}>
        {isUnmet && <Notice kind="note">In the last messages nothing stands there: compare topic and place.</Notice>}
        <Field
          name={`topic-${i}`}
          label="Topic"
          hint="+ for any one level, {name} for one that tells parts apart, # at the end for all that follow."
          value={row.topic}
          error={errors[`topic-${i}`]}
          suggestions={[...new Set(topics)]}
          optional={false}
          autofocus={isBegun && row.topic === ''}
          autocomplete="off"
          spellcheck={false}
        />
        <FieldRow>
          <Field
            name={`path-${i}`}
            label="Place in the JSON"
            hint="Empty when the message is the value."
            value={row.path}
            error={errors[`path-${i}`]}
            placeholder="ENERGY.Power"
            autocomplete="off"
            spellcheck={false}
          />
          <SelectField
            name={`metric-${i}`}
            label="Is the"
            value={row.metric}
            optional={false}
            autofocus={isBegun && row.topic !== ''}
            empty="Choose …"
            options={metricOptions}
            error={errors[`metric-${i}`]}
          />
          <SelectField
            name={`unit-${i}`}
            label="Sent in"
            value={row.unit}
            empty="The same unit"
            options={allUnits.map((unit) => [unit, unit] as const)}
            error={errors[`unit-${i}`]}
          />
        </FieldRow>
        <Arithmetic {...{ row, i, errors }} />
        {row.topic !== '' && (
          <ButtonRow>
            <Button kind="quiet" small icon="trash" name="do" value={`remove-${i}`} aria-label={`Remove line ${i + 1}`}>
              Remove
            </Button>
          </ButtonRow>
        )}
      </fieldset>
    </details>
  );
}

/** What is seldom needed: how the number is reckoned with. */
function Arithmetic({ row, i, errors }: Pick<LineProps, 'row' | 'i' | 'errors'>) {
  return (
    <details class="fold" open={row.factor !== '1' || row.offset !== '0' || row.isFlipped || row.adds}>
      <summary>Factor, sign, parts</summary>
      <FieldRow>
        <Field
          name={`factor-${i}`}
          label="Times"
          value={row.factor}
          error={errors[`factor-${i}`]}
          inputmode="decimal"
        />
        <Field name={`offset-${i}`} label="Plus" value={row.offset} error={errors[`offset-${i}`]} inputmode="text" />
      </FieldRow>
      <CheckField
        name={`flip-${i}`}
        label="The opposite sign"
        hint="Battery: above zero is charging. Grid: above zero is buying."
        checked={row.isFlipped}
      />
      <CheckField
        name={`adds-${i}`}
        label="Parts of one whole: add them up"
        hint="For phases or strings that come on topics of their own."
        checked={row.adds}
      />
    </details>
  );
}

/** "Solar power from pv.kw of garden/box/values". */
function lineWords({ metric, path, topic }: RuleRow): string {
  const label = findMetric(metric)?.label ?? DEVICE_TIME;
  return path === '' ? `${label} from ${topic}` : `${label} from ${path} of ${topic}`;
}

function unitWord(unit: string): string {
  return unit === 'degC' ? '°C' : unit;
}
