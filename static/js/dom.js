// Finding elements, and saying things.

export const $ = (selector, root = document) => root.querySelector(selector);

/** Tells whoever listens rather than looks. */
export const say = (words) => { $('#live').textContent = words; };

/** Scripts that are fetched when they are first needed, by their names in `vendor`. */
const fetched = new Map();

/** Fetches a script of `vendor`, once. */
export function vendor(name) {
  if (!fetched.has(name)) {
    fetched.set(name, new Promise((done, fail) => {
      const script = Object.assign(document.createElement('script'), { src: new URL(`../vendor/${name}`, import.meta.url).href, onload: done, onerror: () => { fetched.delete(name); fail(new Error(`${name} did not load`)); } });
      document.head.append(script);
    }));
  }
  return fetched.get(name);
}

/** What swaps parts of the page: fetched before it is needed, where there is time for it, else when it is. */
export const swapping = async () => {
  await vendor('htmx.min.js');
  await vendor('idiomorph-ext.min.js');
  return globalThis.htmx;
};

const button = (className, textContent, act) => {
  const made = Object.assign(document.createElement('button'), { type: 'button', className, textContent });
  made.addEventListener('click', act);
  return made;
};

let isPassing = false;

/** Writes below the editor, with what can be done about it, by the words of its buttons. `passing`: it is about the text as it is, and goes once that changes. */
export function note(words, acts = {}, passing = false) {
  const at = $('#note');
  if (!at) return;
  isPassing = passing;
  at.textContent = words;
  if (!words) return;
  for (const [name, act] of Object.entries(acts)) at.append(' ', button('link', name, act));
  const close = button('tool', '\u00d7', () => note(''));
  close.ariaLabel = 'Close this message';
  at.append(close);
}

/** Takes back what was written of the text as it was. */
export const textChanged = () => { if (isPassing) note(''); };
