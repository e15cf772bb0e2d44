import { Icon } from './icon.tsx';

export interface FlashMessage {
  kind: 'done' | 'note' | 'problem';
  text: string;
}

/** What just happened, shown once after a redirect; goes by itself unless it is a problem (app.js). */
export function Flash({ message }: { message: FlashMessage }) {
  return (
    <div
      class={`flash flash-${message.kind}`}
      role={message.kind === 'problem' ? 'alert' : 'status'}
      data-flash={message.kind}
    >
      <Icon name={message.kind === 'problem' ? 'alert' : message.kind === 'done' ? 'check' : 'info'} />
      <p>{message.text}</p>
      <button type="button" class="flash-close" data-close-flash="" aria-label="Close this message">
        <Icon name="close" />
      </button>
    </div>
  );
}
