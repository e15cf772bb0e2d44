export interface ProgressProps {
  /** What is being done: "Importing March". */
  label: string;
  /** 0..1; null when the work does not say. */
  share: number | null;
  /** "12 of 40 files". */
  note?: string;
}

/** Long work says what it is doing. */
export function Progress({ label, share, note }: ProgressProps) {
  const percent = share === null ? null : Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div class="progress">
      <p class="progress-line">
        <span>{label}</span>
        <span class="num">{percent === null ? '' : `${percent} %`}</span>
      </p>
      {percent === null ? (
        <progress aria-label={label} max={100} />
      ) : (
        <progress aria-label={label} max={100} value={percent}>{`${percent} %`}</progress>
      )}
      {note && <p class="hint">{note}</p>}
    </div>
  );
}

/** A share of a whole (disk used, battery) as a still bar. */
export function Meter({ label, share, note }: { label: string; share: number; note?: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div class="progress">
      <p class="progress-line">
        <span>{label}</span>
        <span class="num">{note ?? `${percent} %`}</span>
      </p>
      <progress
        class={percent >= 90 ? 'is-full' : ''}
        aria-label={label}
        max={100}
        value={percent}
      >{`${percent} %`}</progress>
    </div>
  );
}
