import type { ToldFault } from '../../src/telemetry/live/device-faults.ts';
import { Notice } from '../parts/index.ts';

/** What devices themselves say is wrong: red for a fault of now, plain for a warning and for what was said a while ago. */
export function Faults({ faults }: { faults: readonly ToldFault[] }) {
  if (faults.length === 0) return null;
  return (
    <div class="live-faults stack" id="live-faults">
      {faults.map(({ sourceId, kind, sentence, isNow, at }) => (
        <Notice kind={kind === 'fault' && isNow ? 'problem' : 'note'} title={sentence}>
          {!isNow && <>{`It said so at ${at}, and other things since. `}</>}
          {'The manual of the device tells what that means. '}
          <a href={`/sources/${sourceId}`}>What it sends</a>
        </Notice>
      ))}
    </div>
  );
}
