// The Totals page: steps without a new page, values under the finger in one fixed place, arrow keys. All of it works as
// plain links too.
(() => {
  const root = document.getElementById('totals');
  let loading = null;

  // ---- steps ----

  async function load(url, isBack = false) {
    loading?.abort();
    const mine = new AbortController();
    loading = mine;
    root.setAttribute('aria-busy', 'true');
    const focus = document.activeElement?.dataset?.totals ?? document.activeElement?.id;
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { 'HX-Request': 'true', Accept: 'text/html' } });
      const away = answer.headers.get('HX-Redirect');
      // What cannot be shown (400) says so in the picture's place.
      if (away || !(answer.ok || answer.status === 400)) return location.assign(away ?? url);
      const html = await answer.text();
      if (loading !== mine) return;
      root.innerHTML = html;
      root.removeAttribute('aria-busy');
      if (!isBack) history.pushState({ url }, '', url);
      document.dispatchEvent(new CustomEvent('ampra:shown'));
      const next = focus && (root.querySelector(`[data-totals="${focus}"]`) ?? document.getElementById(focus));
      if (next && root.contains(next)) next.focus({ preventScroll: true });
    } catch (error) {
      if (error.name === 'AbortError') return;
      root.removeAttribute('aria-busy');
      const time = root.querySelector('[data-readout-time]');
      if (time) time.textContent = 'No connection to Ampra. What you see is what was loaded before.';
    }
  }

  const isPlainClick = (event) => !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  const isOurs = (link) => link.getAttribute('href').startsWith('/totals?');

  root.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-totals], a.bar, a.map-day');
    if (!link || !isPlainClick(event)) return;
    // A finger reads first: the second tap on the same place looks closer.
    if (touched && !link.dataset.totals && read !== link) {
      event.preventDefault();
      return readOut(link);
    }
    if (!isOurs(link)) return;
    event.preventDefault();
    void load(link.getAttribute('href'));
  });
  root.addEventListener('submit', (event) => {
    const form = event.target.closest('[data-totals-form]');
    if (!form) return;
    event.preventDefault();
    void load(`/totals?${new URLSearchParams(new FormData(form))}`);
  });
  root.addEventListener('change', (event) => {
    const form = event.target.closest('[data-totals-form]');
    if (form) void load(`/totals?${new URLSearchParams(new FormData(form))}`);
  });
  window.addEventListener('popstate', () => load(location.pathname + location.search, true));

  // ---- reading out ----

  /** What is read out now; null for the sums. */
  let read = null;
  let touched = false;
  root.addEventListener('pointerdown', (event) => {
    touched = event.pointerType === 'touch';
  });

  function readOut(place) {
    if (read === place) return;
    forget();
    read = place;
    place.classList.add('is-read');
    if (place.dataset.bar) readBar(place);
    else say('[data-map-read]', place.getAttribute('aria-label'));
  }

  function forget() {
    read?.classList.remove('is-read');
    read = null;
    for (const place of root.querySelectorAll('[data-before]')) {
      place.innerHTML = place.dataset.before;
      delete place.dataset.before;
    }
  }

  function keep(selector) {
    const place = root.querySelector(selector);
    if (place) place.dataset.before ??= place.innerHTML;
    return place;
  }

  function say(selector, text) {
    const place = keep(selector);
    if (place) place.textContent = text;
  }

  function readBar(bar) {
    const data = document.getElementById('bars-data');
    const item = data && JSON.parse(data.textContent)[Number(bar.dataset.bar)];
    if (!item) return;
    say('[data-readout-time]', item.beforeTitle ? `${item.title}, beside ${item.beforeTitle}` : item.title);
    for (const figure of root.querySelectorAll('[data-readout]')) {
      const key = figure.dataset.readout;
      const [text = '-', unit = ''] = (item.texts[key] ?? '-').split('\u00a0');
      const place = keep(`[data-readout="${key}"]`);
      place.replaceChildren(piece('number', text), ...(unit ? [piece('unit', unit)] : []));
      say(`[data-difference="${key}"]`, item.before ? `${item.before[key]} before` : '\u00a0');
    }
  }

  function piece(name, text) {
    const element = document.createElement('span');
    element.className = name;
    element.textContent = text;
    return element;
  }

  const placeOf = (target) => target.closest?.('[data-bar], .map-day');
  root.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch') return;
    const place = placeOf(event.target);
    if (place) readOut(place);
    else if (!root.querySelector('.bar:focus, .map-day:focus')) forget();
  });
  root.addEventListener('pointerleave', (event) => event.pointerType !== 'touch' && forget());
  root.addEventListener('focusin', (event) => {
    const place = placeOf(event.target);
    if (place && !touched) readOut(place);
  });
  root.addEventListener('focusout', (event) => placeOf(event.target) && !touched && forget());

  // ---- keys ----

  const steps = {
    bar: { ArrowLeft: -1, ArrowRight: 1 },
    'map-day': { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: -30, PageDown: 30 },
  };

  function walk(event, kind) {
    const all = [...root.querySelectorAll(`a.${kind}`)];
    const at = all.indexOf(event.target.closest(`a.${kind}`));
    const step = steps[kind][event.key];
    const to = { Home: 0, End: all.length - 1 }[event.key] ?? (step === undefined ? -1 : at + step);
    const next = all[to];
    if (!next) return;
    event.preventDefault();
    all[at].setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }

  document.addEventListener('keydown', (event) => {
    touched = false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.('input, select, textarea')) return;
    // A letter is a key only where the page itself has the keyboard: who dictates says many letters elsewhere.
    if ((event.key === 't' || event.key === 'T') && event.target.closest?.('main')) {
      const table = root.querySelector('[data-totals="table"]');
      if (table) void load(table.getAttribute('href'));
      return;
    }
    if (event.target.closest?.('a.bar')) return walk(event, 'bar');
    if (event.target.closest?.('a.map-day')) walk(event, 'map-day');
  });

  const waiting = root.querySelector('[data-load]');
  if (waiting) void load(waiting.dataset.load, true);
})();
