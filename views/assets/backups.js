// Sends a file in pieces, so that a large one needs no large request and a piece that is lost is sent again.
(() => {
  const TRIES = 5;
  const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

  async function post(url, body, headers) {
    const response = await fetch(url, { method: 'POST', body, headers: { Accept: 'application/json', ...headers } });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) {
      const refused = new Error([answer.detail, answer.hint].filter(Boolean).join(' ') || 'This did not work.');
      refused.isFinal = response.status < 500;
      throw refused;
    }
    return answer;
  }

  async function again(work) {
    for (let i = 1; ; i++) {
      try {
        return await work();
      } catch (error) {
        if (error.isFinal || i >= TRIES) throw error;
        await pause(500 * i);
      }
    }
  }

  for (const form of document.querySelectorAll('[data-upload]')) {
    const progress = form.querySelector('[data-upload-progress]');
    const bar = progress.querySelector('progress');
    const percent = progress.querySelector('.num');
    const trouble = form.querySelector('[data-upload-error]');
    const button = form.querySelector('button');
    const show = (share) => {
      bar.value = share * 100;
      percent.textContent = `${Math.floor(share * 100)} %`;
    };

    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const fields = new FormData(form);
      const file = fields.get('file');
      fields.delete('file');
      if (!(file instanceof File) || file.size === 0) return;
      fields.set('bytes', String(file.size));
      button.disabled = true;
      trouble.hidden = true;
      progress.hidden = false;
      show(0);
      try {
        const token = { 'X-CSRF-Token': fields.get('_csrf') };
        const begun = await post(form.action, new URLSearchParams(fields), {});
        for (let at = 0; at < file.size; ) {
          const piece = file.slice(at, at + begun.pieceBytes);
          const url = `${form.action}/${begun.id}/pieces/${at}`;
          const type = { 'Content-Type': 'application/octet-stream' };
          at = (await again(() => post(url, piece, { ...token, ...type }))).received;
          show(at / file.size);
        }
        const ended = await post(`${form.action}/${begun.id}/end`, new URLSearchParams(fields), {});
        location.assign(ended.location);
      } catch (error) {
        trouble.textContent = error.message;
        trouble.hidden = false;
        progress.hidden = true;
        button.disabled = false;
      }
    });
  }
})();
