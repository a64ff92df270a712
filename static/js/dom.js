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

/** Writes below the editor, with something that can be done about it. */
export function note(words, action, act) {
  const at = $('#editor-note');
  if (!at) return;
  at.textContent = words;
  if (!action) return;
  const button = Object.assign(document.createElement('button'), { type: 'button', className: 'link', textContent: action });
  button.addEventListener('click', act);
  at.append(' ', button);
}
