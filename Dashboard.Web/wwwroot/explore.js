// The trend of a metric's page to move in: zoom by dragging, a cursor for mouse and keyboard, layers switched in place. The picture of
// the server stays for print, and is what there is without this script or without uPlot.
const figure = document.getElementById('trend');
const template = document.getElementById('trend-data');

// Parts of the page that say which layers are hidden or how segments are shown.
const parts = ['trend-keys', 'trend-pictures', 'metric-tools', 'breakdown'];

let under = null;
let view = null;

async function showInPlace(link) {
  const url = new URL(link.href);
  const part = parts.find(id => document.getElementById(id)?.contains(link));
  const place = part && [...document.getElementById(part).querySelectorAll('a, button')].indexOf(link);
  if (link.dataset.layer) view?.toggle(link.dataset.layer);
  under?.abort();
  const mine = under = new AbortController();
  try {
    const answer = await fetch(url, { headers: { Accept: 'text/html' }, signal: mine.signal });
    const page = answer.ok && new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page?.getElementById('trend')) throw new Error('another page');
    const hadFocus = document.activeElement === link;
    for (const id of parts) {
      const fresh = page.getElementById(id);
      const old = document.getElementById(id);
      if (fresh && old) old.replaceChildren(...[...fresh.childNodes].map(node => document.adoptNode(node)));
    }
    history.replaceState(null, '', url.pathname + url.search);
    if (hadFocus && part) [...document.getElementById(part).querySelectorAll('a, button')][place]?.focus({ preventScroll: true });
  } catch (fault) {
    if (fault.name !== 'AbortError') location.assign(url);
  } finally {
    if (under === mine) under = null;
  }
}

document.addEventListener('click', event => {
  const link = event.target.closest?.('a[data-in-place]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  showInPlace(link);
});

function loadStyle(address) {
  return new Promise((done, failed) => {
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = address;
    link.onload = done;
    link.onerror = failed;
    document.head.append(link);
  });
}

function loadScript(address) {
  return new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = address;
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
}

// Names of colors of the style sheet; what they are depends on light and dark.
const names = {
  accent: '--accent', text: '--text', muted: '--muted', before: '--before', target: '--target', limit: '--limit', grid: '--grid', card: '--card',
  good: '--good', bad: '--bad-fill', neutral: '--neutral', watch: '--watch',
};

class Explorer {
  constructor(data, uPlot) {
    this.data = data;
    this.hidden = new Set(data.hidden);
    this.colors = {};
    this.at = this.newest();
    this.readColors();
    this.build(uPlot);
    this.listen();
  }

  get count() { return Math.max(this.data.points.length, this.data.from + this.data.forecast.length); }

  // What the headline is about: the newest period that is complete.
  newest() {
    const points = this.data.points;
    for (let i = points.length - 1; i >= 0; i--) if (points[i].value != null && !points[i].open) return i;
    return points.length - 1;
  }

  readColors() {
    const probe = document.createElement('span');
    probe.hidden = true;
    figure.append(probe);
    for (const [name, variable] of Object.entries(names)) {
      probe.style.color = `var(${variable})`;
      this.colors[name] = getComputedStyle(probe).color;
    }
    probe.remove();
  }

  soft(name, share) {
    return this.colors[name].replace(/^rgba?\(([^)]+)\)$/, (_, parts) => `rgba(${parts.split(/[ ,/]+/).slice(0, 3).join(', ')}, ${share})`);
  }

  label(i) {
    return (this.data.points[i] ?? this.data.forecast[i - this.data.from])?.label ?? '';
  }

  amount(value, step) {
    const { unit, currency } = this.data;
    if (unit === 'Percent') return `${(value * 100).toFixed(step && step * 100 < 1 ? 1 : 0)}%`;
    const money = unit === 'Currency' ? { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } : {};
    const compact = Math.abs(value) >= 10000 || step >= 1000;
    return new Intl.NumberFormat('en-US', { ...money, minimumFractionDigits: 0, maximumFractionDigits: compact ? 2 : step < 1 ? 2 : 0, ...(compact ? { notation: 'compact' } : {}) })
      .format(value).replace(/K$/, 'k').replace('-', '\u2212');
  }

  columns() {
    const { points, forecast, from } = this.data;
    const of = read => Array.from({ length: this.count }, (_, i) => (points[i] ? read(points[i], i) : null) ?? null);
    const ahead = read => Array.from({ length: this.count }, (_, i) => (i >= from && forecast[i - from] ? read(forecast[i - from]) : null));
    const before = from - 1;
    const led = read => {
      const values = ahead(read);
      if (forecast.length && points[before]) values[before] = points[before].value;
      return values;
    };
    const lastComplete = this.newest();
    const last = points.length - 1;
    return [
      Array.from({ length: this.count }, (_, i) => i),
      led(one => one.high95), led(one => one.low95), led(one => one.high80), led(one => one.low80),
      of(point => point.upper), of(point => point.lower), of(point => point.center),
      of(point => point.year), of(point => point.target), led(one => one.value),
      of((point, i) => (i >= lastComplete && i <= last && lastComplete < last ? point.value : null)),
      of(point => (point.open ? null : point.value)),
    ];
  }

  build(uPlot) {
    const box = this.box = document.createElement('div');
    box.className = 'explore';
    box.tabIndex = 0;
    box.setAttribute('role', 'application');
    box.setAttribute('aria-label', `Chart of ${this.data.metric} by ${this.data.grain}. Arrow keys move from period to period, Home and End to the first and last, Escape shows all of it.`);
    this.readout = document.createElement('p');
    this.readout.className = 'readout';
    this.readout.setAttribute('aria-hidden', 'true');
    this.voice = document.createElement('div');
    this.voice.className = 'words';
    this.voice.setAttribute('role', 'status');
    document.getElementById('trend-pictures').before(this.readout, box, this.voice);
    figure.classList.add('live');

    const line = (stroke, more = {}) => ({ stroke: () => this.colors[stroke], width: 1.5, points: { show: false }, ...more });
    const edge = { width: 0, points: { show: false }, stroke: 'transparent' };
    // The line alone decides how wide the field of the newest label is.
    this.plot = new uPlot({
      ...this.size(),
      legend: { show: false },
      padding: [34, 18, 0, 0],
      scales: { x: { time: false, range: (_, min, max) => [min - 0.4, max + 0.4] } },
      axes: [
        {
          stroke: () => this.colors.muted, font: '12.5px system-ui, sans-serif', grid: { show: false }, ticks: { show: false }, size: 32,
          splits: (plot, _, min, max) => this.places(plot, min, max), values: (_, splits) => splits.map(i => this.label(i)),
        },
        {
          stroke: () => this.colors.muted, font: '12.5px system-ui, sans-serif', grid: { stroke: () => this.colors.grid, width: 1 }, ticks: { show: false },
          size: (_, values) => 14 + Math.max(20, ...(values ?? []).map(text => text.length * 7.2)),
          values: (_, splits) => splits.map(value => this.amount(value, splits[1] - splits[0])),
        },
      ],
      series: [
        {},
        edge, edge, edge, edge, line('limit', { width: 1, dash: [1, 3] }), line('limit', { width: 1, dash: [1, 3] }), line('limit', { width: 1, dash: [4, 3] }),
        line('before', { dash: [4, 4] }), line('target', { width: 1.75, paths: uPlot.paths.stepped({ align: 0 }) }),
        line('accent', { width: 2, dash: [1, 5], cap: 'round' }), line('accent', { width: 2, dash: [2, 4] }), line('accent', { width: 2 }),
      ],
      bands: [
        { series: [1, 2], fill: () => this.soft('accent', 0.08) }, { series: [3, 4], fill: () => this.soft('accent', 0.16) },
        { series: [5, 6], fill: () => this.soft('neutral', 0.07) },
      ],
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false }, focus: { prox: -1 } },
      hooks: {
        draw: [plot => this.drawMarks(plot)],
        setCursor: [plot => { if (plot.cursor.idx != null && plot.cursor.left >= 0) this.point(plot.cursor.idx); else this.point(this.at); }],
      },
    }, this.columns(), box);
    for (const layer of this.hidden) this.show(layer, false);
    this.point(this.at);
  }

  size() {
    const width = Math.max(240, figure.clientWidth - parseFloat(getComputedStyle(figure).paddingLeft) * 2);
    return { width, height: width < 560 ? 270 : Math.round(Math.min(400, width * 0.36)) };
  }

  // Counted back from the newest, which must have its name.
  places(plot, min, max) {
    const wide = Math.max(...this.data.points.map(point => point.label.length)) * 7.5 + 16;
    const every = Math.max(1, Math.ceil(wide / (plot.bbox.width / devicePixelRatio / Math.max(1, max - min))));
    const anchor = this.data.points.length - 1;
    const first = Math.ceil(Math.max(0, min));
    const last = Math.floor(Math.min(this.count - 1, max));
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).filter(i => (i - anchor) % every === 0);
  }

  columnsOf(layer) {
    return { forecast: [1, 2, 3, 4, 10], limits: [5, 6, 7], year: [8], target: [9] }[layer] ?? [];
  }

  show(layer, shown) {
    const plot = this.plot;
    plot.batch(() => this.columnsOf(layer).forEach(i => plot.setSeries(i, { show: shown })));
    if (layer === 'events') plot.redraw(false);
  }

  toggle(layer) {
    const shown = this.hidden.delete(layer);
    if (!shown) this.hidden.add(layer);
    this.show(layer, shown);
    this.point(this.at);
  }

  drawMarks(plot) {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const x = i => plot.valToPos(i, 'x', true);
    const y = value => plot.valToPos(value, 'y', true);
    const isInside = place => place >= bbox.left - 1 && place <= bbox.left + bbox.width + 1;
    ctx.save();
    ctx.lineWidth = ratio;
    this.data.points.forEach((point, i) => {
      if (point.seam && isInside(x(i))) {
        ctx.strokeStyle = ctx.fillStyle = this.colors.muted;
        ctx.setLineDash([3 * ratio, 3 * ratio]);
        const left = x(i) - (x(1) - x(0)) / 2;
        ctx.beginPath(); ctx.moveTo(left, bbox.top); ctx.lineTo(left, bbox.top + bbox.height); ctx.stroke();
      }
    });
    ctx.setLineDash([]);
    const step = (x(1) - x(0)) / ratio;
    this.data.points.forEach((point, i) => {
      if (point.value == null || !isInside(x(i))) return;
      const isNewest = i === this.newest();
      ctx.beginPath();
      ctx.arc(x(i), y(point.value), (point.open || isNewest ? 4.5 : step < 12 ? 1.8 : 3) * ratio, 0, 2 * Math.PI);
      ctx.fillStyle = point.open ? this.colors.card : this.colors.accent;
      ctx.fill();
      if (point.open) { ctx.lineWidth = 2 * ratio; ctx.strokeStyle = this.colors.accent; ctx.stroke(); }
      if (point.restated) this.shape(ctx, 'strong', false, x(i), y(point.value) - 10 * ratio, 3.5 * ratio, this.colors.watch);
    });
    for (const signal of this.data.signals) {
      const point = this.data.points[signal.at];
      if (point?.value != null && isInside(x(signal.at)))
        this.shape(ctx, signal.shape, signal.up, x(signal.at), y(point.value), 6 * ratio, this.colors[signal.look] ?? this.colors.watch);
    }
    if (!this.hidden.has('events')) this.drawEvents(plot, x, isInside, ratio);
    ctx.restore();
  }

  drawEvents(plot, x, isInside, ratio) {
    const { ctx, bbox } = plot;
    let right = -Infinity;
    ctx.textBaseline = 'middle';
    const shown = this.data.notes.filter(note => isInside(x(note.at)));
    for (const [i, note] of shown.entries()) {
      const place = x(note.at);
      ctx.strokeStyle = this.colors.muted;
      ctx.setLineDash([ratio, 4 * ratio]);
      ctx.beginPath(); ctx.moveTo(place, bbox.top - 14 * ratio); ctx.lineTo(place, bbox.top + bbox.height); ctx.stroke();
      ctx.setLineDash([]);
      const wide = Math.max(16, String(note.number).length * 8 + 8) * ratio;
      if (place - wide / 2 < right) continue;
      ctx.fillStyle = this.colors.muted;
      ctx.beginPath(); ctx.roundRect(place - wide / 2, bbox.top - 28 * ratio, wide, 16 * ratio, 3 * ratio); ctx.fill();
      ctx.fillStyle = this.colors.card;
      ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
      ctx.textAlign = 'center';
      ctx.fillText(note.number, place, bbox.top - 19.5 * ratio);
      right = place + wide / 2;
      ctx.font = `${12 * ratio}px system-ui, sans-serif`;
      const long = ctx.measureText(note.name).width + 12 * ratio;
      const next = i + 1 < shown.length ? x(shown[i + 1].at) - 12 * ratio : bbox.left + bbox.width;
      if (right + long > next) continue;
      ctx.fillStyle = this.colors.muted;
      ctx.textAlign = 'left';
      ctx.fillText(note.name, right + 6 * ratio, bbox.top - 19.5 * ratio);
      right += long;
    }
  }

  shape(ctx, shape, up, x, y, reach, color) {
    ctx.beginPath();
    if (shape === 'strong') {
      const tip = up ? -1 : 1;
      ctx.moveTo(x, y + tip * reach); ctx.lineTo(x + reach, y - tip * reach * 0.8); ctx.lineTo(x - reach, y - tip * reach * 0.8);
    } else if (shape === 'moderate') {
      ctx.rect(x - reach * 0.85, y - reach * 0.85, reach * 1.7, reach * 1.7);
    } else if (shape === 'weak') {
      ctx.arc(x, y, reach, 0, 2 * Math.PI);
    } else {
      ctx.moveTo(x, y - reach); ctx.lineTo(x + reach, y); ctx.lineTo(x, y + reach); ctx.lineTo(x - reach, y);
    }
    ctx.closePath();
    ctx.fillStyle = color;
    ctx.strokeStyle = this.colors.card;
    ctx.lineWidth = 1.25 * devicePixelRatio;
    ctx.fill();
    ctx.stroke();
  }

  sentence(i) {
    const point = this.data.points[i];
    const ahead = !this.hidden.has('forecast') && this.data.forecast[i - this.data.from];
    const said = [];
    if (point) {
      said.push(`${point.name}: ${point.text ?? 'no value'}${point.open ? ', incomplete' : ''}${point.restated ? ', restated' : ''}`);
      if (point.yearText && !this.hidden.has('year')) said.push(`last year ${point.yearText}`);
      if (point.targetText && !this.hidden.has('target')) said.push(`target ${point.targetText}`);
      if (point.limitsText && !this.hidden.has('limits')) said.push(`limits ${point.limitsText}`);
      for (const signal of this.data.signals) if (signal.at === i) said.push(signal.text);
      if (point.seam) said.push(`${point.seam} begins`);
    }
    if (ahead && (!point || point.open)) said.push(point ? `forecast ${ahead.text}` : `${ahead.name}: ${ahead.text}`);
    if (!this.hidden.has('events')) for (const note of this.data.notes) if (note.at === i) said.push(`event ${note.number}: ${note.name}`);
    return said.join(', ');
  }

  point(i) { this.readout.textContent = this.sentence(i); }

  move(to) {
    const last = this.hidden.has('forecast') ? this.data.points.length - 1 : this.count - 1;
    this.at = Math.min(last, Math.max(0, to));
    const { min, max } = this.plot.scales.x;
    if (this.at < min || this.at > max) {
      const half = (max - min - 0.8) / 2;
      const middle = Math.min(this.count - 1 - half, Math.max(half, this.at));
      this.plot.setScale('x', { min: middle - half, max: middle + half });
    }
    this.plot.setCursor({ left: this.plot.valToPos(this.at, 'x'), top: 10 }, false);
    this.point(this.at);
    this.voice.textContent = this.sentence(this.at);
  }

  reset() { this.plot.setScale('x', { min: 0, max: this.count - 1 }); }

  repaint() {
    this.readColors();
    this.plot.redraw(false, true);
  }

  listen() {
    const moves = { ArrowRight: () => this.at + 1, ArrowLeft: () => this.at - 1, Home: () => 0, End: () => this.count - 1 };
    this.box.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') this.reset();
      else if (Object.hasOwn(moves, event.key)) this.move(moves[event.key]());
      else return;
      event.preventDefault();
    });
    this.box.addEventListener('focus', () => { if (this.box.matches(':focus-visible')) this.move(this.at); });
    let width = figure.clientWidth;
    new ResizeObserver(() => {
      if (width === figure.clientWidth) return;
      width = figure.clientWidth;
      this.plot.setSize(this.size());
    }).observe(figure);
    document.addEventListener('kpi:look', () => this.repaint());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.repaint());
  }
}

async function start() {
  const { library, libraryStyle } = figure.dataset;
  if (!library || !template || !figure.querySelector('svg')) return;
  try {
    await Promise.all([loadStyle(libraryStyle), loadScript(library)]);
    view = new Explorer(JSON.parse(template.content.textContent), globalThis.uPlot);
  } catch (fault) {
    // The picture of the server says the same.
    figure.classList.remove('live');
    figure.querySelectorAll('.explore, .readout').forEach(one => one.remove());
    console.info('The trend cannot be explored:', fault);
  }
}

if (figure) start();
