// The Forecast page: hours are read out under finger and mouse in one fixed place, arrow keys walk among them, and what
// moved an hour comes without a new page. All of it works as plain links too.
(() => {
  const root = document.getElementById('forecast-live');
  const why = document.getElementById('why');
  if (!root || !why) return;
  const hours = () => [...root.querySelectorAll('a.fan-hour')];

  // ---- reading out ----

  function read(hour) {
    for (const other of root.querySelectorAll('.fan-hour.is-read')) other.classList.remove('is-read');
    hour?.classList.add('is-read');
    const place = document.getElementById('fan-read');
    if (place) place.textContent = hour?.getAttribute('aria-label') ?? place.dataset.usual;
  }

  /** The hour under a place of the screen: in a week's chart they are thinner than a finger. */
  function hourAt(clientX) {
    return hours().find((hour) => {
      const box = hour.getBoundingClientRect();
      return clientX >= box.left && clientX < box.right;
    });
  }

  const isOnFan = (event) => event.target.closest?.('.fan .panel-plot');
  root.addEventListener('pointermove', (event) => isOnFan(event) && read(hourAt(event.clientX)));
  root.addEventListener('pointerdown', (event) => isOnFan(event) && read(hourAt(event.clientX)));
  root.addEventListener('pointerout', (event) => {
    if (event.pointerType !== 'touch' && isOnFan(event) && !event.relatedTarget?.closest?.('.fan')) read(null);
  });
  root.addEventListener('focusin', (event) => {
    const hour = event.target.closest('a.fan-hour');
    if (hour?.matches(':focus-visible')) read(hour);
  });

  // ---- why ----

  let chosen = null;
  let loading = null;

  /** Marks an hour as the one that is explained. */
  function mark(href) {
    for (const hour of hours()) {
      const isIt = hour.getAttribute('href') === href;
      hour.classList.toggle('is-chosen', isIt);
      hour.setAttribute('tabindex', isIt ? '0' : '-1');
      if (isIt) hour.setAttribute('aria-current', 'true');
      else hour.removeAttribute('aria-current');
      if (isIt) document.getElementById('fan-read').dataset.usual = hour.getAttribute('aria-label');
    }
  }

  async function explain(href) {
    loading?.abort();
    const mine = new AbortController();
    loading = mine;
    chosen = href;
    mark(href);
    const [address] = href.split('#');
    const focus = document.activeElement?.dataset?.why;
    try {
      const answer = await fetch(`${address}&part=why`, { signal: mine.signal, headers: { 'HX-Request': 'true' } });
      if (!answer.ok || answer.headers.get('HX-Redirect')) return location.assign(href);
      const html = await answer.text();
      if (loading !== mine) return;
      why.innerHTML = html;
      history.replaceState(history.state, '', address);
      if (focus) (why.querySelector(`a[data-why="${focus}"]`) ?? why.querySelector('a[data-why]'))?.focus();
    } catch (error) {
      if (error.name !== 'AbortError') location.assign(href);
    }
  }

  const isPlainClick = (event) => !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a.fan-hour, a[data-why]');
    if (!link || !isPlainClick(event)) return;
    event.preventDefault();
    void explain(link.getAttribute('href'));
  });

  // A forecast that has just come knows nothing of what was chosen.
  document.addEventListener('htmx:after:swap', () => {
    if (chosen && hours().length > 0) mark(chosen);
  });

  // ---- keys ----

  const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -24, PageDown: 24 };
  let soon;
  root.addEventListener('keydown', (event) => {
    const hour = event.target.closest?.('a.fan-hour');
    if (!hour || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = hours();
    const last = all.length - 1;
    const to = { Home: 0, End: last }[event.key] ?? all.indexOf(hour) + (steps[event.key] ?? Number.NaN);
    const next = all[Math.min(last, Math.max(0, to))];
    if (!next) return;
    event.preventDefault();
    hour.setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
    read(next);
    clearTimeout(soon);
    soon = setTimeout(() => explain(next.getAttribute('href')), 350);
  });
  document.addEventListener('keydown', (event) => {
    // A letter is a key only where the page itself has the keyboard: who dictates says many letters elsewhere.
    if ((event.key !== 't' && event.key !== 'T') || !event.target.closest?.('main')) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, select, textarea')) return;
    document.querySelector('a[data-table]')?.click();
  });
})();
