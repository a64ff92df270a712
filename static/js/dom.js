// Finding elements, and saying things.

export const $ = (selector, root = document) => root.querySelector(selector);

/** Tells whoever listens rather than looks. */
export const say = (words) => { $('#live').textContent = words; };

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
