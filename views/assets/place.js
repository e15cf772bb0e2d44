// Maps give both numbers of a place at once ("48.2082, 16.3738"): pasted into either field they fill both. With a point in
// each, no decimal comma is taken for the one between them. Without scripts the form takes the pair when it is sent.
(() => {
  const [latitude, longitude] = ['latitude', 'longitude'].map((name) => document.getElementsByName(name)[0]);
  if (!latitude || !longitude) return;
  for (const field of [latitude, longitude])
    field.addEventListener('paste', (event) => {
      const pasted = event.clipboardData?.getData('text') ?? '';
      const pair = /^[\s(]*([+-]?\d{1,2}\.\d+)[\s,;]+([+-]?\d{1,3}\.\d+)[\s)]*$/.exec(pasted.replace(/\u2212/g, '-'));
      if (!pair) return;
      event.preventDefault();
      [, latitude.value, longitude.value] = pair;
      longitude.focus();
      for (const filled of [latitude, longitude]) filled.dispatchEvent(new Event('input', { bubbles: true }));
    });
})();
