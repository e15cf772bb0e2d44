// What the pages need beyond HTML and htmx. Everything here has a way to work without it.
(() => {
  const on = (type, selector, handle) =>
    document.addEventListener(type, (event) => {
      const target = event.target instanceof Element ? event.target.closest(selector) : null;
      if (target) handle(target, event);
    });

  // Copy: the clipboard needs https, so on a plain-http LAN the old way does it.
  async function copyText(text, field) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const area = field instanceof HTMLInputElement ? field : document.createElement('textarea');
    const isOwn = area !== field;
    if (isOwn) {
      area.value = text;
      area.className = 'visually-hidden';
      document.body.append(area);
    }
    const type = area.type;
    if (type === 'password') area.type = 'text';
    area.select();
    const isDone = document.execCommand('copy');
    if (type === 'password') area.type = type;
    if (isOwn) area.remove();
    if (!isDone) throw new Error('copy refused');
  }

  on('click', '[data-copy]', async (button) => {
    const field = document.getElementById(button.dataset.copy);
    if (!field) return;
    const label = button.querySelector('[data-copy-text]') ?? button;
    const before = label.textContent;
    try {
      await copyText(field.value ?? field.textContent, field);
      label.textContent = 'Copied';
    } catch {
      field.select?.();
      label.textContent = 'Press Ctrl+C';
    }
    setTimeout(() => (label.textContent = before), 2000);
  });

  // What this device says of the time: a computer without a battery for its clock may take it.
  const deviceTime = document.querySelector('[data-device-time]');
  if (deviceTime) {
    const shown = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
    const show = () => (deviceTime.querySelector('[data-device-time-text]').textContent = shown.format(new Date()));
    deviceTime.hidden = false;
    show();
    setInterval(show, 5000);
    deviceTime.addEventListener(
      'submit',
      () => (deviceTime.querySelector('[name=deviceMs]').value = String(Date.now())),
    );
  }

  on('click', '[data-reveal]', (button) => {
    const field = document.getElementById(button.dataset.reveal);
    const isHidden = field.type === 'password';
    field.type = isHidden ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(isHidden));
    button.firstElementChild.textContent = isHidden ? 'Hide' : 'Show';
  });

  on('focusin', '[data-select-all]', (field) => field.select());

  // Dialogs: without scripts the link behind them is a page that asks the same.
  on('click', '[data-dialog]', (opener, event) => {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!(dialog instanceof HTMLDialogElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  on('click', '[data-close-dialog]', (button) => button.closest('dialog').close());
  on('click', 'dialog', (dialog, event) => {
    if (event.target === dialog) dialog.close();
  });

  // Messages go by themselves, unless something is wrong.
  on('click', '[data-close-flash]', (button) => button.closest('[data-flash]').remove());
  const dismissFlash = () => {
    for (const flash of document.querySelectorAll('[data-flash]:not([data-flash="problem"])'))
      setTimeout(() => flash.matches(':hover, :focus-within') || flash.remove(), 7000);
  };

  // Colours change at once; the form remembers them.
  on('submit', '[data-theme-choice]', (form, event) => {
    const theme = event.submitter?.value;
    if (!theme) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form));
    body.set('theme', theme);
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    document.querySelector('meta[name="color-scheme"]').content = theme === 'auto' ? 'light dark' : theme;
    for (const button of document.querySelectorAll('[data-theme-choice] button'))
      button.setAttribute('aria-pressed', String(button.value === theme));
    document.dispatchEvent(new CustomEvent('ampra:theme', { detail: theme }));
    void fetch(form.action, { method: 'POST', body, headers: { 'HX-Request': 'true' } });
  });

  // Typed but not sent: ask before leaving.
  const touched = new Set();
  on('input', '[data-guards-changes]', (form) => touched.add(form));
  on('submit', '[data-guards-changes]', (form) => touched.delete(form));
  window.addEventListener('beforeunload', (event) => {
    if ([...touched].some((form) => form.isConnected)) event.preventDefault();
  });

  // What was refused is where one goes on typing, not the top of the page.
  document.querySelector('main [aria-invalid="true"]')?.focus();

  // A double click sends a form once.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === 'get' || form.method === 'dialog') return;
    if (form.dataset.isSent) event.preventDefault();
    form.dataset.isSent = 'true';
    setTimeout(() => delete form.dataset.isSent, 4000);
  });
  window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('[data-is-sent]')) delete form.dataset.isSent;
  });

  // The More sheet closes when one looks elsewhere.
  document.addEventListener('click', (event) => {
    for (const sheet of document.querySelectorAll('.tab-more[open]'))
      if (!sheet.contains(event.target)) sheet.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const sheet of document.querySelectorAll('.tab-more[open]')) {
      // What has the keyboard would vanish under it.
      if (sheet.contains(document.activeElement)) sheet.querySelector('summary').focus();
      sheet.open = false;
    }
  });

  // Live pages say when they lost the appliance, and come back by themselves.
  const banner = document.getElementById('connection');
  const connection = (isLost) => {
    if (!banner || banner.hidden === !isLost) return;
    const now = new Date();
    banner.querySelector('time').textContent = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
    banner.hidden = !isLost;
    document.body.classList.toggle('is-offline', isLost);
  };
  const liveUrl = (element) => element?.getAttribute?.('hx-sse:connect');
  const connectLater = (element) => {
    connection(true);
    setTimeout(() => {
      if (element.isConnected) void htmx.ajax('GET', liveUrl(element), { source: element });
    }, 4000);
  };
  document.addEventListener('htmx:sse:after:connection', () => connection(false));
  document.addEventListener('htmx:sse:error', (event) => {
    if (event.detail?.status === 401) location.reload();
    connection(true);
  });
  // A first connection that fails is not tried again by the extension, and its answer must not replace the page.
  document.addEventListener('htmx:before:response', (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (!liveUrl(sourceElement) || response.headers.get('HX-Redirect')) return;
    if (response.headers.get('Content-Type')?.startsWith('text/event-stream')) return;
    event.preventDefault();
    connectLater(sourceElement);
  });
  document.addEventListener('htmx:error', (event) => {
    const element = event.detail.ctx?.sourceElement;
    if (liveUrl(element)) connectLater(element);
  });

  // Rows of tabs that do not fit: the chosen one is in view, and an edge fades where more follows.
  const markEdges = (row) => {
    row.classList.toggle('has-before', row.scrollLeft > 4);
    row.classList.toggle('has-after', row.scrollLeft + row.clientWidth < row.scrollWidth - 4);
  };
  const showChosenTabs = () => {
    for (const row of document.querySelectorAll('.tabs')) {
      const chosen = row.querySelector('[aria-current]');
      if (chosen) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
      markEdges(row);
    }
  };
  document.addEventListener(
    'scroll',
    (event) => event.target instanceof Element && event.target.matches('.tabs') && markEdges(event.target),
    { capture: true, passive: true },
  );
  window.addEventListener('resize', () => document.querySelectorAll('.tabs').forEach(markEdges));
  document.addEventListener('ampra:shown', showChosenTabs);
  document.addEventListener('htmx:after:swap', (event) => {
    if (event.target instanceof Element && event.target.querySelector('.tabs')) showChosenTabs();
  });
  showChosenTabs();

  // Buttons that only scripts can serve.
  const showScriptButtons = (root) => {
    for (const button of root.querySelectorAll('[data-copy][hidden], [data-reveal][hidden]')) button.hidden = false;
  };
  document.addEventListener('htmx:after:swap', () => showScriptButtons(document));
  showScriptButtons(document);
  dismissFlash();
})();
