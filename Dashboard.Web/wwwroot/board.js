// Steps a board, switches its view, comparison, segment and grain without loading the page anew. Whatever goes wrong, the link is followed.
const inBoard = url => url.origin === location.origin && /^\/boards\/[^/.]+$/.test(url.pathname);
const assets = page => [...page.querySelectorAll('link[rel=stylesheet], script[src]')].map(one => one.getAttribute('href') ?? one.getAttribute('src')).sort().join();

const voice = document.createElement('div');
voice.className = 'words';
voice.setAttribute('role', 'status');
document.body.append(voice);

let under = null;

async function show(url, from, enter) {
  under?.abort();
  const mine = under = new AbortController();
  const main = document.querySelector('main');
  main.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(url, { headers: { Accept: 'text/html' }, signal: mine.signal });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('main');
    if (!answer.ok || answer.redirected || !fresh || assets(page) !== assets(document)) throw new Error('another page');
    const place = [scrollX, scrollY];
    if (enter) history.pushState({ board: true }, '', url);
    main.replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    scrollTo(...place);
    if (from) focusLike(fresh, from);
    voice.textContent = `${fresh.querySelector('h1')?.textContent ?? ''}, ${fresh.querySelector('.board-head')?.dataset.board ?? ''}`;
    document.dispatchEvent(new CustomEvent('board:shown'));
  } catch (fault) {
    if (fault.name === 'AbortError') return;
    enter ? location.assign(url) : location.reload();
  } finally {
    if (under === mine) under = null;
  }
}

// The same control of the new page; inside a menu, which is closed now, what opens it; else what stands beside it.
function focusLike(main, { id, href, menu }) {
  const same = (id && document.getElementById(id)) || [...main.querySelectorAll('a[href]')].find(link => link.getAttribute('href') === href);
  const closed = same?.closest('details:not([open])') ?? (same ? null : menu && document.getElementById(menu));
  (closed?.querySelector('summary') ?? same ?? main.querySelector('#periods > summary') ?? main).focus({ preventScroll: true });
}

// What has the focus; nothing where that is the page, so that a key does not move it.
function focused() {
  const one = document.activeElement;
  return one?.closest('main') && one.matches('a, summary') ? { id: one.id, href: one.getAttribute('href'), menu: one.closest('details')?.id } : null;
}

document.addEventListener('click', event => {
  const link = event.target.closest?.('main a[href]');
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target || link.hasAttribute('download'))
    return;
  const url = new URL(link.href);
  if (!inBoard(url)) return;
  event.preventDefault();
  show(url, focused(), true);
});

addEventListener('popstate', event => {
  if (event.state?.board) show(new URL(location.href), focused(), false);
});
history.replaceState({ board: true }, '');

// Menus: one at a time, closed by Escape and by a click beside them.
const menus = () => document.querySelectorAll('main details.menu[open]');
document.addEventListener('toggle', event => {
  if (event.target.matches?.('details.menu[open]'))
    for (const other of menus()) if (other !== event.target) other.open = false;
}, true);
document.addEventListener('click', event => {
  for (const menu of menus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  for (const menu of menus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector('summary').focus();
  }
});
