// The page of a source: while somebody reads the last messages, new ones wait behind "3 new".
(() => {
  const list = () => document.getElementById('messages-list');
  const button = () => document.querySelector('[data-show-messages]');

  /** True while new messages would move what somebody looks at. */
  function isRead(messages) {
    const focused = document.activeElement;
    if (focused !== messages && messages.contains(focused)) return true;
    if (messages.querySelector('details[open]')) return true;
    if (messages.scrollTop > 0) return true;
    const { top, bottom } = messages.getBoundingClientRect();
    return window.scrollY > 0 && top < window.innerHeight && bottom > 0;
  }

  function hold() {
    const messages = list();
    if (messages) messages.toggleAttribute('hx-morph-skip', isRead(messages) || button()?.hidden === false);
  }

  function offer() {
    const messages = list();
    const offered = button();
    if (!messages || !offered) return;
    const shown = Number(messages.querySelector('[data-at]')?.dataset.at ?? 0);
    const times = (messages.closest('[data-times]').dataset.times || '').split(' ').map(Number);
    const fresh = messages.hasAttribute('hx-morph-skip') ? times.filter((time) => time > shown).length : 0;
    offered.hidden = fresh === 0;
    offered.textContent = fresh === times.length ? `${fresh} or more new` : `${fresh} new`;
  }

  document.addEventListener('htmx:before:swap', hold);
  document.addEventListener('htmx:after:swap', offer);
  document.addEventListener('click', async (event) => {
    if (!event.target.closest?.('[data-show-messages]')) return;
    const messages = list();
    const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const newer = page.getElementById('messages-list');
    if (!newer) return location.reload();
    messages.replaceChildren(...newer.children);
    messages.removeAttribute('hx-morph-skip');
    messages.scrollTop = 0;
    messages.focus({ preventScroll: true });
    button().hidden = true;
  });
})();
