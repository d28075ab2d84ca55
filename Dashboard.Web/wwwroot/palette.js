// The command palette: the index of /search.json in a dialog. Ranks as SearchIndex.cs does.
const most = 50;
const recentKey = 'kpi-recent';
const mostRecent = 6;
let dialog, input, list, status, entries = [], shown = [], at = 0, actions = {};

const words = text => text.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[^\p{L}\p{Nd}]/gu, ' ').toLowerCase().split(' ').filter(Boolean);

function index(entry) {
  const title = words(entry.title);
  return {
    ...entry,
    words: title,
    joined: title.join(' '),
    initials: title.map(word => word[0]).join(''),
    sentence: words(entry.detail ?? ''),
    ids: (entry.names ?? []).map(name => words(name).join(' ')),
  };
}

function isScattered(word, text) {
  let spot = ` ${text}`.indexOf(` ${word[0]}`);
  for (const letter of word) {
    if (spot < 0 || (spot = text.indexOf(letter, spot)) < 0) return false;
    spot++;
  }
  return true;
}

function pointsOf(entry, word) {
  if (entry.joined.startsWith(word)) return 90;
  if (entry.words.some(one => one.startsWith(word))) return 80;
  if (entry.ids.some(id => ` ${id}`.includes(` ${word}`))) return 75;
  if (word.length > 1 && entry.initials.startsWith(word)) return 70;
  if (entry.joined.includes(word)) return 50;
  if (word.length < 3) return 0;
  if (entry.sentence.some(one => one.startsWith(word))) return 30;
  return isScattered(word, entry.joined) ? 10 : 0;
}

function points(entry, asked) {
  let sum = 0;
  for (const word of asked) {
    const one = pointsOf(entry, word);
    if (!one) return 0;
    sum += one;
  }
  const whole = asked.join(' ');
  const bonus = entry.joined === whole || entry.ids.includes(whole) ? 100
    : entry.joined.startsWith(whole) ? 50
    : entry.ids.some(id => id.startsWith(whole)) ? 40 : 0;
  return Math.floor(sum / asked.length) + bonus + (entry.weight ?? 0);
}

const order = (a, b) => a < b ? -1 : a > b ? 1 : 0;

function find(text) {
  const asked = words(text);
  if (!asked.length) {
    const recent = remembered().map(key => entries.find(entry => keyOf(entry) === key)).filter(Boolean);
    const rest = entries.filter(entry => ['Page', 'Board', 'Command'].includes(entry.kind) && !recent.includes(entry));
    return [...recent, ...rest.sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0))].slice(0, most);
  }
  return entries.map(entry => [entry, points(entry, asked)]).filter(([, found]) => found > 0)
    .sort(([a, x], [b, y]) => y - x || (a.rank ?? 0) - (b.rank ?? 0) || a.title.length - b.title.length || order(a.title, b.title) || order(a.address, b.address))
    .slice(0, most).map(([entry]) => entry);
}

const keyOf = entry => entry.act ?? entry.address;

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(recentKey)) ?? [];
  } catch {
    return [];
  }
}

function remember(entry) {
  try {
    localStorage.setItem(recentKey, JSON.stringify([keyOf(entry), ...remembered().filter(key => key !== keyOf(entry))].slice(0, mostRecent)));
  } catch {
    // Without storage there are no recent choices.
  }
}

function show() {
  shown = find(input.value);
  at = 0;
  list.replaceChildren(...shown.map((entry, i) => {
    const option = document.createElement('li');
    option.id = `palette-${i}`;
    option.role = 'option';
    const title = document.createElement('span');
    title.textContent = entry.title;
    const kind = document.createElement('small');
    kind.textContent = entry.kind;
    option.append(title, kind);
    option.addEventListener('click', event => choose(entry, event.ctrlKey || event.metaKey));
    option.addEventListener('pointermove', () => at !== i && point(i));
    return option;
  }));
  status.textContent = shown.length ? '' : 'Nothing fits. Try fewer words, or the beginning of one.';
  input.setAttribute('aria-expanded', String(shown.length > 0));
  point(0);
}

function point(to) {
  list.querySelector('[aria-selected="true"]')?.setAttribute('aria-selected', 'false');
  at = to;
  const option = list.children[at];
  if (option) {
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', option.id);
  } else {
    input.removeAttribute('aria-activedescendant');
  }
}

function choose(entry, inNewTab) {
  if (!entry) return;
  remember(entry);
  dialog.close();
  const [act, ...rest] = (entry.act ?? '').split(' ');
  if (actions[act]) actions[act](...rest);
  else if (inNewTab) open(entry.address, '_blank', 'noopener');
  else location.href = entry.address;
}

function build() {
  dialog = document.createElement('dialog');
  dialog.className = 'over palette';
  dialog.setAttribute('aria-label', 'Search and commands');
  input = document.createElement('input');
  Object.assign(input, { type: 'text', role: 'combobox', autocomplete: 'off', spellcheck: false, placeholder: 'Metrics, boards, commands …' });
  input.setAttribute('aria-label', 'Search for');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', 'palette-list');
  list = document.createElement('ul');
  list.id = 'palette-list';
  list.role = 'listbox';
  list.setAttribute('aria-label', 'Results');
  status = document.createElement('p');
  status.className = 'muted';
  status.role = 'status';
  status.textContent = 'Reading what there is …';
  const foot = document.createElement('p');
  foot.className = 'palette-foot';
  for (const [key, does] of [['↑ ↓', 'choose'], ['Enter', 'open'], ['Esc', 'close']]) {
    const cap = document.createElement('kbd');
    cap.textContent = key;
    foot.append(cap, ` ${does} `);
  }
  dialog.append(input, status, list, foot);
  input.addEventListener('input', show);
  input.addEventListener('keydown', event => {
    const last = shown.length - 1;
    const to = { ArrowDown: at >= last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, PageDown: Math.min(last, at + 8), PageUp: Math.max(0, at - 8) }[event.key];
    if (to !== undefined) point(to);
    else if (event.key === 'Enter' && !event.isComposing) choose(shown[at], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  dialog.addEventListener('click', event => event.target === dialog && dialog.close());
  document.body.append(dialog);
}

/** Opens the palette; when it closes, the browser gives the focus back to where it was. */
export async function openPalette(link, does) {
  actions = does;
  if (!dialog) build();
  input.value = '';
  if (!dialog.open) dialog.showModal();
  input.focus();
  const answer = await fetch('/search.json');
  if (!answer.ok) {
    location.href = link.href;
    return;
  }
  entries = (await answer.json()).map(index);
  show();
}
