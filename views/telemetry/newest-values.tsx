import type { NewestValue } from '../../src/telemetry/live/newest-values.ts';
import { Card, Derived } from '../parts/index.ts';

/** All that a source has said of late, on its page; nothing while it has said nothing. */
export function NewestValues({ values, asOf }: { values: readonly NewestValue[]; asOf: string }) {
  if (values.length === 0) return null;
  return (
    <Card title="What it says" lead={`As Ampra read it at ${asOf}; with the time where it was said before.`}>
      <dl class="facts facts-tiles">
        {values.map(({ name, label, text, at, isDerived }) => (
          <div data-metric={name}>
            <dt>{label}</dt>
            <dd>
              <span class="num">{text}</span>
              {isDerived && <Derived why="Worked out by Ampra" />}
              {at !== null && <span class="hint"> {at}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
