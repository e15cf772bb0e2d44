import { formatDate } from '../../src/core/format.ts';
import { formatPrice } from '../../src/core/money.ts';
import type { Price } from '../../src/sources/price.ts';
import type { Source } from '../../src/sources/source.ts';
import { Button, Card, Field, FieldRow, Form, FormActions, Table } from '../parts/index.ts';

export interface PricesProps {
  source: Source;
  prices: readonly Price[];
  /** What was typed into the form, when it was refused. */
  form: { values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>> };
}

/** What energy costs at a source, from which day on, and a form for a change of it. */
export function PricesCard({ source, prices, form }: PricesProps) {
  const { values, errors } = form;
  const show = (micros: number | null, currency: string) =>
    micros === null ? '-' : `${formatPrice(micros)} ${currency}`;
  return (
    <Card id="prices" title="Prices" lead="What a kWh from the grid costs and what one sold earns, from a day on.">
      {prices.length > 0 && (
        <Table
          caption="Prices, newest first"
          rows={[...prices].reverse()}
          columns={[
            { label: 'From', isHeader: true, cell: (p) => dayText(p) },
            { label: 'You pay a kWh', isNumber: true, cell: (p) => show(p.importMicrosPerKwh, p.currency) },
            { label: 'You get a kWh', isNumber: true, cell: (p) => show(p.exportMicrosPerKwh, p.currency) },
            { label: '', cell: (p) => <RemovePrice source={source} price={p} /> },
          ]}
        />
      )}
      <details class="fold" open={Object.keys(errors).length > 0}>
        <summary>{prices.length > 0 ? 'Add a change of price' : 'Add the first price'}</summary>
        <Form action={`/sources/${source.id}/prices`}>
          <Field
            name="effectiveFrom"
            type="date"
            label="From"
            value={values.effectiveFrom}
            error={errors.effectiveFrom}
            required
          />
          <FieldRow>
            <Field
              name="importPricePerKwh"
              label="A bought kWh costs"
              value={values.importPricePerKwh}
              error={errors.importPricePerKwh}
              unit={source.currency}
              inputmode="decimal"
              placeholder="0.2846"
            />
            <Field
              name="exportPricePerKwh"
              label="A sold kWh earns"
              value={values.exportPricePerKwh}
              error={errors.exportPricePerKwh}
              unit={source.currency}
              inputmode="text"
              placeholder="0.0811"
            />
          </FieldRow>
          <FormActions>
            <Button>Keep this price</Button>
          </FormActions>
        </Form>
      </details>
    </Card>
  );
}

/** "Thu 1 Jan 2026" */
const dayText = ({ effectiveFrom }: Price): string => formatDate(Date.parse(effectiveFrom), 'UTC', 'date');

function RemovePrice({ source, price }: { source: Source; price: Price }) {
  return (
    <Form action={`/sources/${source.id}/prices/${price.effectiveFrom}/delete`} class="inline-form">
      <Button kind="quiet" small icon="trash" aria-label={`Remove the price from ${dayText(price)}`}>
        Remove
      </Button>
    </Form>
  );
}
