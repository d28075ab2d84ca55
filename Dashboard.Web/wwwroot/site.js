// The keys of every page. What they do stands on /look#keys, which is also the sheet that "?" opens. A page offers more by putting
// data-key="…" on a link, button or summary; everything a key does can be done without it.
const root = document.documentElement;
const search = document.querySelector('a.search');
const secondKeyWithin = 1500;
let going = 0;

const cookie = name => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
const keysAreOn = () => cookie('kpi-keys') !== 'off';
const isShown = element => element.checkVisibility();

function choose(name, value) {
  document.cookie = `kpi-${name}=${value}; path=/; samesite=lax; max-age=${value ? 31536000 : 0}`;
  if (value) root.dataset[name] = value;
  else delete root.dataset[name];
  document.dispatchEvent(new CustomEvent('kpi:look'));
}

const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;

// What the palette may ask for.
const actions = {
  'theme-dark': () => choose('theme', 'dark'),
  'theme-light': () => choose('theme', 'light'),
  'theme-system': () => choose('theme', ''),
  'density-compact': () => choose('density', 'compact'),
  'density-comfortable': () => choose('density', ''),
  print: () => press('p') || print(),
  keys: help,
  board: lookAtBoard,
};

async function openPalette() {
  try {
    await (await import(search.dataset.palette)).openPalette(search, actions);
  } catch {
    location.href = search.href;
  }
}

async function help() {
  let sheet = document.getElementById('key-sheet');
  if (!sheet) {
    const answer = await fetch('/look').catch(() => null);
    const table = answer?.ok && new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('keys');
    if (!table) {
      location.href = '/look#keys';
      return;
    }
    sheet = document.createElement('dialog');
    sheet.id = 'key-sheet';
    sheet.className = 'over';
    sheet.setAttribute('aria-labelledby', 'key-sheet-title');
    table.querySelector('h2').id = 'key-sheet-title';
    const close = document.createElement('button');
    close.type = 'button';
    close.textContent = 'Close';
    close.addEventListener('click', () => sheet.close());
    sheet.append(close, ...table.children);
    sheet.addEventListener('click', event => event.target === sheet && sheet.close());
    document.body.append(sheet);
  }
  if (!sheet.open) sheet.showModal();
}

// A tile is marked, or is a card whose title leads to its metric.
const marks = '[data-tile], .card h3 a[href]';
const tileOf = mark => mark.closest('.card, tr') ?? mark;
const linkOf = mark => mark.matches('a, button') ? mark : mark.querySelector('a[href]') ?? mark;
const tilesNow = () => [...document.querySelectorAll(marks)].filter(isShown);
const tileAtFocus = () => tilesNow().find(mark => tileOf(mark).contains(document.activeElement));

// Does what the page offers for a key: first in the tile that has the focus, then outside of tiles.
function press(key) {
  const offers = `[data-key="${key}"]`;
  const at = tileAtFocus();
  const tiles = tilesNow().map(tileOf);
  const spot = at && tileOf(at).querySelector(offers)
    || [...document.querySelectorAll(offers)].find(one => isShown(one) && !tiles.some(tile => tile.contains(one)));
  if (!spot) return false;
  spot.focus();
  if (spot.matches('a, button, summary')) spot.click();
  else spot.scrollIntoView({ block: 'start' });
  return true;
}

function step(by) {
  const all = tilesNow();
  const at = all.indexOf(tileAtFocus());
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (!next) return;
  linkOf(next).focus({ preventScroll: true });
  tileOf(next).scrollIntoView({ block: 'nearest' });
}

// On a board the rest of its address stays as it is.
function lookAtBoard(name, value) {
  const address = new URL(/^\/(boards\/[^/]+)?$/.test(location.pathname) ? location.href : '/', location.href);
  address.searchParams.set(name, value);
  location.href = address;
}

const follow = selector => document.querySelector(selector)?.click();

const keys = {
  '?': help,
  '/': openPalette,
  d: () => choose('theme', isDark() ? 'light' : 'dark'),
  p: actions.print,
  g: () => { going = performance.now() + secondKeyWithin; },
  '[': () => press('[') || follow('a[rel="prev"]'),
  ']': () => press(']') || follow('a[rel="next"]'),
  j: () => step(1),
  k: () => step(-1),
  b: () => {
    const at = tileAtFocus();
    if (!press('b') && at && linkOf(at).href) location.href = linkOf(at).href.split('#')[0] + '#breakdown';
  },
};
for (const key of 'cxvtln') keys[key] = () => press(key);

function typesIn(element) {
  return element.isContentEditable || element.matches?.('input, select, textarea, [role="textbox"], [role="combobox"]');
}

function closePopups(except) {
  for (const open of document.querySelectorAll('details[open]:has(> .popup)')) {
    if (open.contains(except)) continue;
    open.open = false;
    if (open.contains(document.activeElement)) open.querySelector('summary').focus();
  }
}

addEventListener('keydown', event => {
  if (event.defaultPrevented || event.isComposing || event.repeat && !'jk'.includes(event.key)) return;
  if (event.key === 'Escape') closePopups(null);
  if (!keysAreOn() || document.querySelector('dialog[open]')) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    openPalette();
    return;
  }
  // On some keyboards [ and ] are typed with Alt or AltGr.
  const isBracket = event.key === '[' || event.key === ']';
  if (typesIn(event.target) || !isBracket && (event.ctrlKey || event.metaKey || event.altKey)) return;
  const goes = performance.now() < going;
  going = 0;
  const link = goes && /^[a-z]$/.test(event.key) && document.querySelector(`[data-go="${event.key}"]`);
  const act = link ? () => link.click() : goes ? null : Object.hasOwn(keys, event.key) && keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

addEventListener('click', event => {
  closePopups(event.target);
  if (!event.target.closest?.('a.search') || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  openPalette();
});

// A page that comes back from the browser's memory looks as was chosen since.
addEventListener('pageshow', event => {
  if (!event.persisted) return;
  for (const name of ['theme', 'density']) {
    const value = cookie(`kpi-${name}`);
    if (value) root.dataset[name] = value;
    else delete root.dataset[name];
  }
});

const hint = search?.querySelector('kbd');
if (hint && !keysAreOn()) hint.hidden = true;
else if (hint && /Mac|iP/.test(navigator.platform)) hint.textContent = '⌘K';
