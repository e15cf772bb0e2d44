import { formatQuantity, type TemperatureUnit } from '../../src/core/format.ts';
import type { MetricUnit } from '../../src/core/metrics.ts';
import type { LineColour } from '../../src/telemetry/metric-look.ts';

export interface ReadoutItem {
  key: string;
  label: string;
  colour: LineColour;
  value: number | null;
  unit: MetricUnit;
  pattern: 0 | 1 | 2;
  temperatureUnit: TemperatureUnit;
}

/** The one place where values are read out: the newest at first, then whatever the finger points at. It is the legend too. */
export function Readout({ time, items }: { time: string; items: readonly ReadoutItem[] }) {
  return (
    <div class="readout" id="readout">
      <p class="readout-time" data-readout-time="">
        {time}
      </p>
      <dl class="readout-items">
        {items.map((item) => (
          <div class="readout-item">
            <dt>
              <LineMark colour={item.colour} pattern={item.pattern} />
              {item.label}
            </dt>
            <dd data-readout={item.key}>
              <Amount item={item} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Amount({ item }: { item: ReadoutItem }) {
  // Temperatures were turned into the person's unit before; the unit's sign still follows it.
  const isDegrees = item.unit === 'degC';
  const shown = formatQuantity(item.value, isDegrees ? '' : item.unit);
  const unit = isDegrees ? (item.temperatureUnit === 'fahrenheit' ? '°F' : '°C') : shown.unit;
  return (
    <>
      <span class="number">{shown.text}</span>
      {shown.text !== '-' && <span class="unit">{unit}</span>}
    </>
  );
}

/** A piece of the line as it is drawn. */
function LineMark({ colour, pattern }: { colour: LineColour; pattern: 0 | 1 | 2 }) {
  return (
    <svg class={`line-mark ${colour} pattern-${pattern}`} width="16" height="10" aria-hidden="true">
      <path class="line-stroke" d="M1 5H15" />
    </svg>
  );
}
