// Turns the screens of a board on a wall, and goes on with the last good one while the dashboard cannot be reached.
// Without this script the page turns itself by a refresh, which ends at the browser's own page when the network is away.
const main = () => document.querySelector('main');
const seconds = () => Number(main().dataset.rotate) * 1000;
const clock = () => new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: main().dataset.zone }).format(new Date());
const assets = page => [...page.querySelectorAll('link[rel=stylesheet], script[src]')].map(one => one.getAttribute('href') ?? one.getAttribute('src')).join();

let good = Date.now();
let lost = '';

async function turn() {
  const next = main().dataset.next;
  try {
    const answer = await fetch(next, { headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(Math.max(5000, seconds())) });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.querySelector('main[data-next]');
    if (!fresh) throw new Error('no board');
    if (assets(page) !== assets(document)) { location.replace(next); return; }
    main().replaceWith(document.adoptNode(fresh));
    document.title = page.title;
    history.replaceState(null, '', next);
    good = Date.now();
    lost = '';
  } catch {
    lost ||= clock();
  }
  tell();
  setTimeout(turn, seconds());
}

// After two turns without an answer, in red: what hangs there may be wrong by now.
function tell() {
  const stale = document.querySelector('.stale');
  if (!lost || Date.now() - good <= 2 * seconds()) return;
  stale.textContent = stale.dataset.words.replace('{time}', lost);
  stale.hidden = false;
}

function tick() {
  const shown = document.querySelector('.clock');
  const now = clock();
  if (shown.textContent !== now) shown.textContent = now;
  tell();
}

setInterval(tick, 1000);
setTimeout(turn, seconds());
