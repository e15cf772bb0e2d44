// The Live page between two events: ages go on counting, lines of silent nodes come to rest, and changes are told.
(() => {
  const MINUTE = 60000;
  const HOUR = 3600000;
  const DAY = 86400000;

  // The same words as formatAge in src/core/format.ts (a test compares them).
  function formatAge(age) {
    if (age < 5000) return 'now';
    if (age < MINUTE) return `${Math.floor(age / 1000)} s ago`;
    if (age < HOUR) return `${Math.floor(age / MINUTE)} min ago`;
    if (age < DAY) return `${Math.floor(age / HOUR)} h ago`;
    const days = Math.floor(age / DAY);
    return days === 1 ? '1 day ago' : `${days.toLocaleString('en-US')} days ago`;
  }

  // A wall tablet's clock may be wrong: ages are counted with the appliance's.
  let ahead = 0;
  function readServerClock() {
    const now = Number(document.querySelector('[data-now]')?.dataset.now);
    if (now) ahead = now - Date.now();
  }

  function tick() {
    const now = Date.now() + ahead;
    for (const element of document.querySelectorAll('#live [data-time]')) {
      const { time, ageing, stale } = element.dataset;
      const age = now - Number(time);
      const state = age >= Number(stale) ? 'stale' : age >= Number(ageing) ? 'ageing' : 'fresh';
      if (element.dataset.age !== state) element.dataset.age = state;
      const text = element.querySelector('[data-age-text]');
      const words = formatAge(age);
      if (text && text.textContent !== words) text.textContent = words;
    }
    for (const line of document.querySelectorAll('.flow-line')) {
      const isStale = [line.dataset.from, line.dataset.to].some((node) =>
        document.querySelector(`#node-${node} > .figure:not(.flow-main:has(~ .flow-second))[data-age="stale"]`),
      );
      line.classList.toggle('is-resting', isStale);
    }
  }

  // Told politely and seldom: a new sentence at most once a minute.
  let told = document.getElementById('live-sentence')?.textContent;
  let toldAt = Date.now();
  function tell() {
    const sentence = document.getElementById('live-sentence')?.textContent;
    const voice = document.getElementById('live-voice');
    if (!voice || !sentence || sentence === told || Date.now() - toldAt < MINUTE) return;
    told = sentence;
    toldAt = Date.now();
    voice.textContent = sentence;
  }

  document.addEventListener('htmx:sse:after:message', () => {
    readServerClock();
    tick();
    tell();
  });
  readServerClock();
  tick();
  setInterval(tick, 1000);
})();
