const names = ['Account', 'Place', 'First source'] as const;

/** How far the set-up is, in words and as a line. */
export function SetUpSteps({ current }: { current: 1 | 2 | 3 | 4 }) {
  return (
    <ol class="steps" aria-label="Set-up">
      {names.map((name, i) => {
        const state = i + 1 < current ? 'done' : i + 1 === current ? 'now' : 'later';
        return (
          <li class={`step step-${state}`} {...(state === 'now' ? { 'aria-current': 'step' as const } : {})}>
            {name}
            {state === 'done' && <span class="visually-hidden"> (done)</span>}
          </li>
        );
      })}
    </ol>
  );
}
