import { Icon } from './icon.tsx';

export interface StepProps {
  /** Null when there is nothing that way: the place stays, dimmed. */
  href: string | null;
  icon: 'back' | 'chevron' | 'plus' | 'minus';
  /** "The month before". */
  label: string;
  [attribute: `data-${string}`]: string | undefined;
}

/** A small square link that moves what is shown: back, on, closer, wider. */
export function Step({ href, icon, label, ...rest }: StepProps) {
  const picture = icon === 'minus' ? <MinusIcon /> : <Icon name={icon} />;
  if (!href)
    return (
      <span class="step-link is-off" aria-hidden="true">
        {picture}
      </span>
    );
  return (
    <a class="step-link" href={href} aria-label={label} {...rest}>
      {picture}
    </a>
  );
}

function MinusIcon() {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
      <path d="M5 12h14" stroke-linecap="round" />
    </svg>
  );
}
