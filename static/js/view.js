// What is looked at, kept in the address, so that Back, reload and Share keep it: selection, trace, search, filters, zoom.

/** What chooses the board; the others say what is lit on it, and how large it is. */
export const CHOOSE = ['ns', 'type', 'workload', 'service', 'page', 'broken', 'find', 'fold'];
/** The Service that a narrow screen shows goes along to the server. */
export const ASKED = [...CHOOSE, 'card'];
const NAMES = ['at', 'trace', ...ASKED, 'zoom'];
/** Browsers refuse addresses that change more than a hundred times in thirty seconds. */
const PAUSE = 350;

let now = new URLSearchParams(location.search);
let timer = 0;
let written = -PAUSE;

/** What the address says of one of them; empty where it says nothing. */
export const seen = (name) => now.get(name) ?? '';

/** The query of what is looked at; empty where there is none. `sized`: with how large it is drawn. */
export function here(sized = true) {
  const words = NAMES.filter((name) => seen(name) && (sized || name !== 'zoom')).map((name) => `${name}=${encodeURIComponent(seen(name)).replaceAll('%3A', ':').replaceAll('%2F', '/').replaceAll('%2C', ',')}`);
  return words.length ? `?${words.join('&')}` : '';
}

/** Looks at something else. `push`: Back comes back from it. */
export function look(changes, push = false) {
  if (push) write();
  for (const [name, value] of Object.entries(changes)) {
    if (value) now.set(name, value);
    else now.delete(name);
  }
  if (!push) {
    clearTimeout(timer);
    const wait = written + PAUSE - performance.now();
    timer = setTimeout(write, wait);
    if (wait <= 0) write();
  } else if (here() !== location.search) history.pushState(null, '', here() || location.pathname);
  dispatchEvent(new Event('podwire:looked'));
}

/** Looks at what a query says, as large as it is now; Back does not come back from it, since the text is another. */
export function lookAt(query) {
  clearTimeout(timer);
  timer = 0;
  const zoom = seen('zoom');
  now = new URLSearchParams(query);
  now.delete('zoom');
  if (zoom) now.set('zoom', zoom);
  if (here() !== location.search) history.replaceState(null, '', here() || location.pathname);
}

function write() {
  if (!timer) return;
  clearTimeout(timer);
  timer = 0;
  written = performance.now();
  if (here() !== location.search) history.replaceState(history.state, '', here() || location.pathname);
}

addEventListener('pagehide', write);
addEventListener('popstate', () => {
  clearTimeout(timer);
  timer = 0;
  now = new URLSearchParams(location.search);
});
