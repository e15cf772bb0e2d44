// The Accuracy page: days are read out under finger, mouse and arrow keys in one fixed place, and are one stop of the Tab
// key together. Without scripts each is a link of its own.
(() => {
  const days = [...document.querySelectorAll('a.judged-day')];
  const place = document.getElementById('judged-read');
  if (!place || days.length === 0) return;

  let read = null;
  function readOut(day) {
    read?.classList.remove('is-read');
    read = day;
    read?.classList.add('is-read');
    place.textContent = day?.getAttribute('aria-label') ?? place.dataset.usual;
  }

  // ---- finger and mouse ----

  let touched = false;
  for (const day of days) {
    day.addEventListener('pointerdown', (event) => {
      touched = event.pointerType === 'touch';
    });
    day.addEventListener('pointerenter', (event) => event.pointerType !== 'touch' && readOut(day));
    // A finger reads first: the second tap on the same day looks closer.
    day.addEventListener('click', (event) => {
      if (!touched || read === day) return;
      event.preventDefault();
      readOut(day);
    });
    day.addEventListener('focus', () => day.matches(':focus-visible') && !touched && readOut(day));
    day.addEventListener('blur', () => !touched && readOut(null));
  }
  days[0].closest('svg').addEventListener('pointerleave', (event) => {
    if (event.pointerType !== 'touch') readOut(days.find((day) => day.matches(':focus-visible')) ?? null);
  });

  // ---- keys ----

  /** The one that the Tab key reaches. */
  function stopAt(day) {
    for (const other of days) other.setAttribute('tabindex', other === day ? '0' : '-1');
  }
  stopAt(days.at(-1));
  const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 };
  document.addEventListener('keydown', (event) => {
    touched = false;
    const at = days.indexOf(event.target.closest?.('a.judged-day'));
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = days.length - 1;
    const to = { Home: 0, End: last }[event.key] ?? at + (steps[event.key] ?? Number.NaN);
    if (Number.isNaN(to)) return;
    event.preventDefault();
    const next = days[Math.min(last, Math.max(0, to))];
    stopAt(next);
    next.focus();
  });
})();
