// The wizard's conveniences; without scripts everything is typed or chosen from the list.
(() => {
  // The browser knows its time zone; what somebody chose before stays.
  const zones = document.querySelector('[data-browser-time-zone]');
  if (zones && zones.value === '') {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    // Browsers may still say Asia/Calcutta where the list has Asia/Kolkata: the same zone is what resolves to the same name.
    const resolved = (name) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
      } catch {
        return null;
      }
    };
    const names = [...zones.options].map((option) => option.value).filter(Boolean);
    const known = names.includes(zone) ? zone : names.find((name) => resolved(name) === zone);
    if (known) zones.value = known;
  }

  // Browsers tell their place to pages over https and from this machine alone.
  const locate = document.querySelector('[data-locate]');
  if (!locate || !navigator.geolocation || !window.isSecureContext) return;
  const [latitude, longitude] = locate.dataset.locate.split(',').map((name) => document.getElementsByName(name)[0]);
  const button = locate.querySelector('button');
  const label = button.querySelector('span') ?? button;
  const before = label.textContent;
  locate.hidden = false;
  button.addEventListener('click', () => {
    button.disabled = true;
    label.textContent = 'Asking the browser ...';
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // A kilometre is enough for sun and weather.
        latitude.value = coords.latitude.toFixed(2);
        longitude.value = coords.longitude.toFixed(2);
        label.textContent = 'Taken from the browser';
        button.disabled = false;
      },
      () => {
        label.textContent = 'The browser did not tell; type it instead';
        setTimeout(() => {
          label.textContent = before;
          button.disabled = false;
        }, 4000);
      },
      { timeout: 15000, maximumAge: 600000 },
    );
  });
})();
