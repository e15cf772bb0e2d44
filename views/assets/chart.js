// The History page: lines that can be scrubbed, zoomed and moved. The server has drawn them already; this takes over.
(() => {
  const root = document.getElementById('history');
  if (!root || !window.uPlot) return;

  let model = null;
  let plots = [];
  let view = null;
  let cursor = null;
  let loading = null;

  const chartOf = () => document.getElementById('chart');
  const colourOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const lineColour = (colour) => colourOf(colour === 'plain' ? 'ink' : colour);
  /** The palette is written in hex; a canvas of an older tablet knows no color-mix(). */
  const soften = (hex, share) =>
    `rgba(${[1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(',')},${share})`;
  const patterns = [[], [7, 4], [2, 4]];

  // ---- numbers and times, by the rules of src/core/format.ts (a test compares them) ----

  function formatNumber(value, digits) {
    const [whole, fraction] = Math.abs(value).toFixed(digits).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    const isZero = Number(Math.abs(value).toFixed(digits)) === 0;
    return `${value < 0 && !isZero ? '\u2212' : ''}${grouped}${fraction ? `.${fraction}` : ''}`;
  }

  function formatQuantity(value, unit) {
    if (value === null || value === undefined) return ['-', ''];
    if (unit === 'W' || unit === 'VA') {
      const size = Math.abs(value);
      if (Math.round(size) < 1000) return [formatNumber(value, 0), unit];
      if (size < 999995) return [formatNumber(value / 1000, 2), `k${unit}`];
      return [formatNumber(value / 1e6, 2), `M${unit}`];
    }
    if (unit === 'degC') return [formatNumber(value, 1), model.temperatureUnit === 'fahrenheit' ? '°F' : '°C'];
    return [formatNumber(value, unit === '%' ? 0 : unit === 'Hz' ? 2 : 1), unit];
  }

  function formatTime(time) {
    const isLong = model.bucketMs >= 86400000;
    const parts = isLong
      ? { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }
      : { weekday: 'short', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
    if (model.bucketMs < 60000) parts.second = '2-digit';
    return new Intl.DateTimeFormat('en-GB', { ...parts, hourCycle: 'h23', timeZone: model.timeZone }).format(time);
  }

  // ---- drawing ----

  function drawUnder(plot) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.fillStyle = colourOf('night');
    for (const night of model.nights) {
      const from = Math.max(bbox.left, plot.valToPos(night.from, 'x', true));
      const to = Math.min(bbox.left + bbox.width, plot.valToPos(night.to, 'x', true));
      if (to > from) ctx.fillRect(from, bbox.top, to - from, bbox.height);
    }
    ctx.restore();
  }

  function drawOver(plot, panel) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    if (panel.scale.min < 0) {
      const y = Math.round(plot.valToPos(0, 'y', true));
      ctx.strokeStyle = colourOf('line-strong');
      ctx.lineWidth = ratio;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    }
    const now = plot.valToPos(model.now, 'x', true);
    if (model.now < view.to && now >= bbox.left && now <= bbox.left + bbox.width) {
      ctx.strokeStyle = colourOf('ink');
      ctx.lineWidth = 1.5 * ratio;
      ctx.beginPath();
      ctx.moveTo(now, bbox.top);
      ctx.lineTo(now, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
    drawLabels(plot, panel);
  }

  // Names at the ends of the lines, where the page has room for them; pushed apart until none covers another.
  function drawLabels(plot, panel) {
    const room = rightSpace();
    if (room < 60) return;
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const labels = panel.lines
      .map((line) => {
        let last = line.values.length - 1;
        while (last >= 0 && line.values[last] === null) last--;
        return last < 0 ? null : { line, y: plot.valToPos(line.values[last], 'y', true) };
      })
      .filter(Boolean)
      .sort((a, b) => a.y - b.y);
    const gap = 17 * ratio;
    const lowest = bbox.top + bbox.height;
    for (let i = 1; i < labels.length; i++) labels[i].y = Math.max(labels[i].y, labels[i - 1].y + gap);
    for (let i = labels.length - 1; i >= 0; i--) {
      labels[i].y = Math.min(labels[i].y, i === labels.length - 1 ? lowest : labels[i + 1].y - gap);
    }
    ctx.save();
    ctx.font = `550 ${13 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'left';
    for (const { line, y } of labels) {
      ctx.fillStyle = colourOf(line.colour === 'plain' ? 'ink' : `${line.colour}-ink`);
      ctx.fillText(line.label, bbox.left + bbox.width + 8 * ratio, y);
    }
    ctx.restore();
  }

  const ticks = () => (matchMedia('(min-width: 64rem)').matches ? model.wideTicks : model.ticks);
  const rightSpace = () => Number.parseFloat(getComputedStyle(chartOf()).getPropertyValue('--chart-right')) || 8;

  // A gap in the data is a gap in the line; readings that are merely rare are joined.
  function gapsOf(values) {
    return (plot) => {
      const gaps = [];
      let last = -1;
      for (let i = 0; i < values.length; i++) {
        if (values[i] === null || values[i] === undefined) continue;
        if (last >= 0 && model.times[i] - model.times[last] > model.maxGapMs) {
          gaps.push([plot.valToPos(xOf(last), 'x', true), plot.valToPos(xOf(i), 'x', true)]);
        }
        last = i;
      }
      return gaps;
    };
  }

  const xOf = (index) => model.times[index] + model.bucketMs / 2;

  function seriesOf(line) {
    const stroke = lineColour(line.colour);
    return {
      label: line.label,
      stroke,
      width: line.colour === 'load' ? 2 : 1.75,
      dash: patterns[line.pattern],
      points: { show: false },
      spanGaps: false,
      gaps: gapsOf(line.values),
      ...(line.hasArea ? { fill: soften(stroke, 0.22), fillTo: 0 } : {}),
    };
  }

  function bandSeries(values) {
    return { stroke: 'transparent', width: 0, points: { show: false }, gaps: gapsOf(values) };
  }

  function plotOf(element, panel) {
    const series = [{}];
    const data = [model.times.map((_, i) => xOf(i))];
    const bands = [];
    for (const line of panel.lines) {
      if (line.lows && line.highs) {
        series.push(bandSeries(line.highs), bandSeries(line.lows));
        data.push(line.highs, line.lows);
        const share = Number(colourOf('band')) || 0.2;
        bands.push({
          series: [series.length - 2, series.length - 1],
          fill: soften(lineColour(line.colour), share),
        });
      }
      series.push(seriesOf(line));
      data.push(line.values);
    }
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const ink = colourOf('ink-2');
    const { top, bottom, left } = model.frame;
    const plot = new uPlot(
      {
        width: element.clientWidth,
        height: element.clientHeight,
        padding: [top, rightSpace(), 0, 0],
        ms: 1,
        legend: { show: false },
        scales: {
          x: { time: false, range: () => [view.from, view.to] },
          y: { range: () => [panel.scale.min, panel.scale.max] },
        },
        axes: [
          {
            size: bottom,
            gap: 6,
            font,
            stroke: ink,
            grid: { show: false },
            ticks: { show: false },
            splits: () => ticks().map((tick) => tick.time),
            values: () => ticks().map((tick) => tick.text),
          },
          {
            size: left,
            gap: 8,
            font,
            stroke: ink,
            grid: { stroke: colourOf('line'), width: 1 },
            ticks: { show: false },
            splits: () => panel.scale.ticks,
            values: () => panel.tickTexts,
          },
        ],
        series,
        bands,
        cursor: {
          y: false,
          drag: { x: true, y: false, setScale: false, dist: 6 },
          points: { size: 8, width: 2, fill: colourOf('surface') },
          bind: { dblclick: () => () => load(chartOf().dataset.full) },
          move: (self, x, y) => [snap(self, x), y],
        },
        hooks: {
          drawClear: [drawUnder],
          draw: [(self) => drawOver(self, panel)],
          setCursor: [(self) => onCursor(self)],
          setSelect: [(self) => onSelect(self)],
        },
      },
      data,
      element,
    );
    element.classList.add('is-alive');
    return plot;
  }

  function snap(plot, x) {
    if (x < 0) return x;
    return plot.valToPos(xOf(nearest(plot.posToVal(x, 'x'))), 'x');
  }

  // ---- reading out ----

  function nearest(time) {
    let best = 0;
    for (let i = 0; i < model.times.length; i++) if (Math.abs(xOf(i) - time) < Math.abs(xOf(best) - time)) best = i;
    return best;
  }

  let isMoving = false;
  function onCursor(plot) {
    if (isMoving) return;
    const { left } = plot.cursor;
    if (left === undefined || left < 0) return point(null, plot);
    point(nearest(plot.posToVal(left, 'x')), plot);
  }

  /** Points at a bucket in every panel, and reads it out; null goes back to the newest. */
  function point(index, from) {
    cursor = index;
    isMoving = true;
    for (const plot of plots) {
      if (plot === from) continue;
      plot.setCursor(index === null ? { left: -10, top: -10 } : { left: plot.valToPos(xOf(index), 'x'), top: 4 });
    }
    isMoving = false;
    readOut(index ?? newest());
  }

  function newest() {
    const lines = model.panels.flatMap((panel) => panel.lines);
    let last = model.times.length - 1;
    while (last > 0 && lines.every((line) => line.values[last] === null)) last--;
    return last;
  }

  function readOut(index) {
    const time = document.querySelector('[data-readout-time]');
    if (!time || !(index >= 0)) return;
    time.textContent = formatTime(Math.min(model.now, xOf(index)));
    for (const panel of model.panels) {
      for (const line of panel.lines) {
        const place = document.querySelector(`[data-readout="${line.metric}"]`);
        if (!place) continue;
        const [text, unit] = formatQuantity(line.values[index], panel.unit);
        place.replaceChildren(span('number', text), ...(unit ? [span('unit', unit)] : []));
      }
    }
  }

  function span(className, text) {
    const element = document.createElement('span');
    element.className = className;
    element.textContent = text;
    return element;
  }

  let speakSoon;
  function speak() {
    clearTimeout(speakSoon);
    speakSoon = setTimeout(() => {
      const voice = document.getElementById('chart-voice');
      const parts = [...document.querySelectorAll('.readout-item')].map((item) => item.textContent.trim());
      if (voice)
        voice.textContent = `${document.querySelector('[data-readout-time]')?.textContent}: ${parts.join(', ')}`;
    }, 500);
  }

  // ---- moving and zooming: each asks the server anew, at the resolution that fits ----

  function urlFor(range) {
    const url = new URL(chartOf().dataset.url, location.href);
    url.searchParams.delete('range');
    const iso = (time) => new Date(Math.round(time / 1000) * 1000).toISOString().replace('.000', '');
    url.searchParams.set('from', iso(range.from));
    url.searchParams.set('to', iso(range.to));
    return url.pathname + url.search.replaceAll('%3A', ':').replaceAll('%2C', ',');
  }

  const LEAST_MS = 300000;
  function zoom(factor, centre = (view.from + view.to) / 2) {
    const width = Math.max(LEAST_MS, (view.to - view.from) * factor);
    const from = centre - (width * (centre - view.from)) / (view.to - view.from);
    show({ from, to: from + width });
  }
  function pan(share) {
    const width = view.to - view.from;
    const to = Math.min(view.to + width * share, Math.max(model.now, view.to));
    show({ from: to - width, to });
  }

  /** Moves what is drawn at once, and asks for the data that belongs to it. */
  function show(range) {
    drawRange(range);
    void load(urlFor(range));
  }
  function drawRange(range) {
    view = range;
    for (const plot of plots) plot.setScale('x', { min: range.from, max: range.to });
  }

  function onSelect(plot) {
    const { left, width } = plot.select;
    if (width < 6) return;
    const range = { from: plot.posToVal(left, 'x'), to: plot.posToVal(left + width, 'x') };
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (range.to - range.from < LEAST_MS) range.to = range.from + LEAST_MS;
    show(range);
  }

  async function load(url, isBack = false) {
    loading?.abort();
    const mine = new AbortController();
    loading = mine;
    chartOf()?.setAttribute('aria-busy', 'true');
    const focus = document.activeElement?.dataset?.history ?? document.activeElement?.id;
    try {
      const answer = await fetch(url, { signal: mine.signal, headers: { 'HX-Request': 'true', Accept: 'text/html' } });
      const away = answer.headers.get('HX-Redirect');
      if (away || !answer.ok) {
        location.assign(away ?? url);
        return;
      }
      const html = await answer.text();
      if (loading !== mine) return;
      destroy();
      root.innerHTML = html;
      if (!isBack) history.pushState({ url }, '', url);
      mount();
      const next = focus && (root.querySelector(`[data-history="${focus}"]`) ?? document.getElementById(focus));
      if (next && root.contains(next)) next.focus({ preventScroll: true });
    } catch (error) {
      if (error.name === 'AbortError') return;
      chartOf()?.removeAttribute('aria-busy');
      const time = document.querySelector('[data-readout-time]');
      if (time) time.textContent = 'No connection to Ampra. What you see is what was loaded before.';
    }
  }

  // ---- input ----

  const keys = {
    ArrowLeft: (event) => step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => step(event.shiftKey ? 10 : 1),
    Home: () => step(Number.NEGATIVE_INFINITY),
    End: () => step(Number.POSITIVE_INFINITY),
    '+': () => zoom(0.5, cursor === null ? undefined : xOf(cursor)),
    '=': () => zoom(0.5, cursor === null ? undefined : xOf(cursor)),
    '-': () => zoom(2, cursor === null ? undefined : xOf(cursor)),
    '[': () => pan(-0.5),
    ']': () => pan(0.5),
    PageUp: () => pan(-1),
    PageDown: () => pan(1),
    0: () => load(chartOf().dataset.full),
    Escape: () => (cursor === null ? load(chartOf().dataset.full) : point(null)),
  };

  function step(by) {
    const last = model.times.length - 1;
    if (last < 0) return;
    const from = cursor ?? (by < 0 ? newest() + 1 : -1);
    point(Math.min(last, Math.max(0, from + by)));
    speak();
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.target.closest?.('input, select, textarea');
    if (isTyping) return;
    if (event.key === 't' || event.key === 'T') {
      const link = root.querySelector('[data-history="table"]');
      if (link) void load(link.getAttribute('href'));
      return;
    }
    if (!chartOf()?.contains(event.target)) return;
    if (event.target.closest('.bar')) return moveAmongBars(event);
    if (!plots.length) {
      if (chartOf() === event.target && root.querySelector('.bar') && event.key.startsWith('Arrow')) {
        event.preventDefault();
        root.querySelector('.bar[tabindex="0"]')?.focus();
      }
      return;
    }
    const handle = keys[event.key];
    if (!handle) return;
    event.preventDefault();
    handle(event);
  });

  // Links and the form work without this; with it only the chart changes, and Back comes back.
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
    const select = event.target.closest('[data-history-form] select');
    if (!select) return;
    const url = new URL(chartOf().dataset.url, location.href);
    url.searchParams.set('show', select.value);
    void load(url.pathname + url.search);
  });
  window.addEventListener('popstate', () => load(location.pathname + location.search, true));

  // One finger scrubs, two zoom.
  const fingers = new Map();
  let pinch = null;
  const timeAt = (clientX) => {
    const over = plots[0].over.getBoundingClientRect();
    return view.from + ((clientX - over.left) / over.width) * (view.to - view.from);
  };
  root.addEventListener('pointerdown', (event) => {
    if (event.pointerType === 'mouse' || !plots.length || !event.target.closest('.u-over')) return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size === 2) {
      const [a, b] = [...fingers.values()];
      pinch = { range: { ...view }, distance: Math.max(20, Math.abs(a - b)), centre: timeAt((a + b) / 2) };
    } else point(nearest(timeAt(event.clientX)));
  });
  root.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, event.clientX);
    if (!pinch) return point(nearest(timeAt(event.clientX)));
    const [a, b] = [...fingers.values()];
    const factor = pinch.distance / Math.max(20, Math.abs(a - b));
    const width = Math.max(LEAST_MS, (pinch.range.to - pinch.range.from) * factor);
    const share = (pinch.centre - pinch.range.from) / (pinch.range.to - pinch.range.from);
    drawRange({ from: pinch.centre - width * share, to: pinch.centre + width * (1 - share) });
  });
  const lift = (event) => {
    if (!fingers.delete(event.pointerId) || !pinch || fingers.size > 1) return;
    pinch = null;
    void load(urlFor(view));
  };
  root.addEventListener('pointerup', lift);
  root.addEventListener('pointercancel', lift);

  let wheelSoon;
  root.addEventListener(
    'wheel',
    (event) => {
      if (!plots.length || !event.target.closest('.u-over') || !(event.ctrlKey || event.shiftKey)) return;
      event.preventDefault();
      const width = view.to - view.from;
      const delta = event.deltaY || event.deltaX;
      if (event.ctrlKey) {
        const centre = timeAt(event.clientX);
        const next = Math.max(LEAST_MS, width * (delta > 0 ? 1.2 : 1 / 1.2));
        const from = centre - (next * (centre - view.from)) / width;
        drawRange({ from, to: from + next });
      } else {
        const move = width * Math.sign(delta) * 0.1;
        drawRange({ from: view.from + move, to: view.to + move });
      }
      clearTimeout(wheelSoon);
      wheelSoon = setTimeout(() => load(urlFor(view)), 250);
    },
    { passive: false },
  );

  // ---- bars ----

  function bars() {
    const element = document.getElementById('bars-data');
    return element ? JSON.parse(element.textContent) : null;
  }
  function readBar(bar) {
    const item = bars()?.[Number(bar?.dataset.index)];
    const time = document.querySelector('[data-readout-time]');
    if (!item || !time) return;
    time.dataset.sum ??= time.textContent;
    time.textContent = item.title;
    for (const [label, text] of Object.entries(item.texts)) {
      const place = document.querySelector(`[data-readout="${label}"]`);
      if (!place) continue;
      place.dataset.sum ??= place.innerHTML;
      const [number, unit] = text.split('\u00a0');
      place.replaceChildren(span('number', number), ...(unit ? [span('unit', unit)] : []));
    }
  }
  function readSum() {
    for (const place of document.querySelectorAll('.readout [data-sum]')) place.innerHTML = place.dataset.sum;
  }
  root.addEventListener('pointerover', (event) => {
    const bar = event.target.closest('.bar');
    if (bar) readBar(bar);
    else if (!root.querySelector('.bar:focus')) readSum();
  });
  root.addEventListener('focusin', (event) => event.target.closest('.bar') && readBar(event.target.closest('.bar')));
  root.addEventListener('focusout', (event) => event.target.closest('.bar') && readSum());

  function moveAmongBars(event) {
    const all = [...root.querySelectorAll('.bar')];
    const at = all.indexOf(event.target.closest('.bar'));
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    const next = all[to];
    if (!next) return;
    event.preventDefault();
    all[at].setAttribute('tabindex', '-1');
    next.setAttribute('tabindex', '0');
    next.focus();
  }

  // ---- coming and going ----

  function destroy() {
    for (const plot of plots) plot.destroy();
    plots = [];
    cursor = null;
    fingers.clear();
    pinch = null;
  }

  function mount() {
    destroy();
    const data = document.getElementById('chart-data');
    const waiting = chartOf()?.dataset.load;
    if (waiting) void load(waiting, true);
    if (!data) return;
    model = JSON.parse(data.textContent);
    view = { ...model.range };
    const panels = [...root.querySelectorAll('.panel[data-panel]')];
    plots = panels.map((element, i) => plotOf(element, model.panels[i]));
  }

  function resize() {
    for (const plot of plots) {
      const { clientWidth: width, clientHeight: height } = plot.root.parentElement;
      if (width && (width !== plot.width || height !== plot.height)) plot.setSize({ width, height });
    }
  }

  const redraw = () => requestAnimationFrame(mount);
  document.addEventListener('ampra:theme', redraw);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  new ResizeObserver(resize).observe(root);
  mount();
})();
