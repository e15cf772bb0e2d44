import { findMetric, type NumericMetric } from '../../src/core/metrics.ts';
import type { Source } from '../../src/sources/source.ts';
import type { CorrectionDraft } from '../../src/telemetry/corrections/correction.ts';
import type { CorrectionEffect } from '../../src/telemetry/corrections/correction-effect.ts';
import {
  amountUnit,
  type CorrectionFormErrors,
  type CorrectionFormValues,
  correctionKinds,
} from '../../src/telemetry/corrections/correction-form.ts';
import { kindLabels, sayCorrection } from '../../src/telemetry/corrections/correction-words.ts';
import {
  Button,
  Card,
  Field,
  FieldRow,
  Form,
  FormActions,
  LinkButton,
  RadioField,
  SelectField,
} from '../parts/index.ts';
import { Effect } from './effect.tsx';

export interface NewCorrectionProps {
  source: Source;
  values: CorrectionFormValues;
  errors: CorrectionFormErrors;
  /** What the source has ever reported. */
  metrics: readonly NumericMetric[];
  /** A sentence about the whole form. */
  problem: string | null;
  /** What the correction would do; null before it is asked for. */
  preview: { draft: CorrectionDraft; effect: CorrectionEffect } | null;
}

/**
 * Asks what to correct, then shows what that does. Only what was shown can be saved: the button stands with the effect, and
 * whatever is changed in the form is looked at anew.
 */
export function NewCorrection(props: NewCorrectionProps) {
  const { preview } = props;
  return (
    <div class="stack">
      {preview && <PreviewCard {...props} preview={preview} />}
      {preview ? (
        <details class="fold fold-card">
          <summary>Change it</summary>
          <Card>
            <CorrectionForm {...props} />
          </Card>
        </details>
      ) : (
        <Card lead="Nothing is saved before you have seen what it does, and all of it can be undone.">
          <CorrectionForm {...props} />
        </Card>
      )}
    </div>
  );
}

function PreviewCard({
  source,
  values,
  preview,
}: NewCorrectionProps & { preview: NonNullable<NewCorrectionProps['preview']> }) {
  const { draft, effect } = preview;
  return (
    <Card title={sayCorrection(draft, source.timeZone)} lead="This is what it would do. Nothing is saved yet.">
      <Effect effect={effect} kind={draft.kind} timeZone={source.timeZone}>
        <Form action={`/sources/${source.id}/corrections`}>
          {Object.entries(values).map(([name, value]) => (
            <input type="hidden" name={name} value={value} />
          ))}
          <FormActions>
            <Button kind="primary">Save this correction</Button>
            <LinkButton href={`/sources/${source.id}/corrections`}>Leave everything as it is</LinkButton>
          </FormActions>
        </Form>
      </Effect>
    </Card>
  );
}

function CorrectionForm({ source, values, errors, metrics, problem }: NewCorrectionProps) {
  const { kind } = values;
  const zone = source.timeZone.replaceAll('_', ' ');
  const field = (name: keyof CorrectionFormValues) => ({ name, value: values[name], error: errors[name] });
  return (
    <Form
      action={`/sources/${source.id}/corrections/new`}
      method="get"
      class="form correction-form"
      {...(problem ? { error: problem } : {})}
    >
      <input type="hidden" name="show" value="1" />
      <input type="hidden" name="fromAt" value={values.fromAt} />
      <input type="hidden" name="toAt" value={values.toAt} />
      <RadioField
        name="kind"
        label="What to do"
        value={kind}
        options={correctionKinds.map((value) => ({ value, ...kindLabels[value] }))}
      />
      <SelectField
        {...field('metric')}
        label="Of what"
        empty="Whole readings"
        optional={false}
        options={metrics.map((name) => [name, labelOf(name)] as const)}
      />
      <FieldRow>
        <Field
          {...field('from')}
          type="datetime-local"
          step={1}
          label="From"
          hint={`On the clock of ${zone}.`}
          required
        />
        <div class="only-range needed">
          <Field {...field('to')} type="datetime-local" step={1} label="To" hint="This moment itself stays as it is." />
        </div>
      </FieldRow>
      <div class="only-amount needed">
        <Field
          {...field('amount')}
          label="The number"
          inputmode="text"
          unit={amountUnit(kind, values.metric) ?? ''}
          hint="Value, factor or what is added, in the unit above; kWh for what a counter counted."
          autocomplete="off"
          size="short"
        />
      </div>
      <details class="fold only-range" open={Boolean(values.above || values.below || errors.above || errors.below)}>
        <summary>Only some of the values</summary>
        <FieldRow>
          <Field {...field('above')} label="Only above" inputmode="text" autocomplete="off" />
          <Field {...field('below')} label="Only below" inputmode="text" autocomplete="off" />
        </FieldRow>
      </details>
      <Field {...field('note')} label="Why" maxlength={500} hint="For those who wonder later." />
      <FormActions>
        <Button kind="primary">Show what it does</Button>
        <LinkButton href={`/sources/${source.id}/corrections`}>Back</LinkButton>
      </FormActions>
    </Form>
  );
}

function labelOf(name: NumericMetric): string {
  const metric = findMetric(name);
  const unit = metric?.unit === 'degC' ? '°C' : metric?.unit;
  return metric ? `${metric.label} (${unit})` : name;
}
