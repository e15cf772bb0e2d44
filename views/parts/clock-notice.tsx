import { useContext } from 'hono/jsx';
import type { ClockDoubt, ClockStatus } from '../../src/core/clock.ts';
import { formatDate } from '../../src/core/format.ts';
import { PageContext } from '../page-context.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Form } from './form.tsx';
import { Notice } from './notice.tsx';

const reasons: Record<ClockDoubt, string> = {
  'before this Ampra was made': 'it is before this Ampra was made',
  'far ahead': 'it is far ahead of what was measured last',
  'behind what was measured': 'readings of a later time are stored already',
  jumped: 'it was set to another day without a time server',
  'no battery': 'this computer has no battery for its clock, and no time server answered yet',
};

/**
 * Asks what time it is, when the computer does not know: on every page, whoever looks after it may take the time of the
 * device in their hand. Without scripts it is typed.
 */
export function ClockNotice() {
  const { clock, viewer, path } = useContext(PageContext);
  if (clock === null || viewer === null) return null;
  const mayAnswer = viewer.role !== 'user';
  return (
    <Notice kind={clock.isSet ? 'note' : 'problem'} title={titleOf(clock)}>
      <p>
        {clock.isSet
          ? 'Ampra goes on with the time that it had.'
          : 'What devices send is kept, and takes its place in the charts once the time is known.'}
        {mayAnswer ? '' : ' Somebody who looks after this Ampra can set the time.'}
      </p>
      {mayAnswer && <Answers clock={clock} back={path} />}
    </Notice>
  );
}

function titleOf({ isSet, doubt }: ClockStatus): string {
  const says = doubt ? `This computer's clock says ${formatDate(doubt.systemSays, 'UTC', 'date')}` : '';
  if (doubt) return `${says}, which cannot be right: ${reasons[doubt.why]}.`;
  return isSet ? '' : 'Nobody knows what time it is yet.';
}

function Answers({ clock, back }: { clock: ClockStatus; back: string }) {
  return (
    <>
      <Form action="/clock" class="inline-form" data-device-time="">
        <input type="hidden" name="back" value={back} />
        <input type="hidden" name="deviceMs" value="" />
        <p>
          This device says <b data-device-time-text="" />.
        </p>
        <Button kind="primary" name="use" value="device">
          Use this device's time
        </Button>
      </Form>
      <noscript>
        <Form action="/clock" class="form">
          <input type="hidden" name="back" value={back} />
          <Field name="typed" label="What time is it in UTC?" type="datetime-local" required size="short" />
          <Button kind="primary" name="use" value="typed">
            Set the time
          </Button>
        </Form>
      </noscript>
      {clock.doubt && clock.doubt.why !== 'before this Ampra was made' && (
        <Form action="/clock" class="inline-form">
          <input type="hidden" name="back" value={back} />
          <Button name="use" value="system">
            The computer's clock is right
          </Button>
        </Form>
      )}
    </>
  );
}
