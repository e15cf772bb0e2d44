import { load } from './load.js';
import { chartOf, root } from './state.js';

/** Links and the form work without this; with it only the chart changes, and Back comes back. */
export function watchLinks() {
  root.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-history], a.bar');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void load(link.getAttribute('href'));
  });
  root.addEventListener('submit', (event) => {
    const form = event.target.closest('[data-history-form]');
    if (!form) return;
    event.preventDefault();
    void load(`/history?${new URLSearchParams(new FormData(form))}`);
  });
  root.addEventListener('change', (event) => {
    const select = event.target.closest('[data-history-form] select[name="show"]');
    if (!select) return;
    const url = new URL(chartOf().dataset.url, location.href);
    url.searchParams.set('show', select.value);
    void load(url.pathname + url.search);
  });
  window.addEventListener('popstate', () => load(location.pathname + location.search, true));
}
