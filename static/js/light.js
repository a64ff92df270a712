// Lighting paths on the board: of what is pointed at, of what the caret stands in, of what is traced or selected.
import { $ } from './dom.js';
import { seen } from './view.js';

/** The paths that go through something on the board. */
export const paths = (element) => (element?.dataset.paths ?? '').split(' ').filter(Boolean);
/** What the pointer or the focus is on, and the paths through it. */
let pointer = null;
let pointed = [];
let caret = '';

/** What an address names on the board: a jack, or a whole card. */
export function find(at) {
  if (!at) return null;
  const all = [...document.querySelectorAll('#board [data-at], #board [data-card]')];
  return all.find((each) => each.dataset.at === at) ?? all.find((each) => each.dataset.card === at);
}

/** Marks what is selected. An answer that has the words of the last one leaves what was marked since; of a trace it says where it begins. */
export function showCurrent(at, isTraced = false) {
  for (const each of document.querySelectorAll('#board a.jack-link[aria-current]')) {
    if (each.dataset.at !== at && !(isTraced && 'traced' in each.dataset)) each.removeAttribute('aria-current');
  }
  if (at) for (const each of document.querySelectorAll(`#board a.jack-link[data-at=${JSON.stringify(at)}]`)) each.setAttribute('aria-current', 'true');
}

/** What each path of the board goes through, until another board is drawn. */
let known = null;
function elements(svg) {
  if (known) return known;
  known = new Map();
  for (const each of svg.querySelectorAll('[data-paths]')) {
    for (const path of paths(each)) {
      if (known.has(path)) known.get(path).push(each);
      else known.set(path, [each]);
    }
  }
  return known;
}

/** Lights a board that was drawn anew; what was pointed at may be gone, and nothing says that the pointer left it. */
export function lightAnew() {
  known = null;
  if (!pointer?.isConnected) pointer = null;
  pointed = paths(pointer);
  light();
}

/** The Service's jack that leads to what has none of its own, such as the end of a wire. */
export function leadsTo(element) {
  const through = new Set(paths(element));
  return [...document.querySelectorAll('#board .service a.jack-link')].find((jack) => paths(jack).some((path) => through.has(path)));
}

/** Lights what is to be lit now. */
export function light() {
  const svg = $('#board .scroll>svg');
  if (!svg) return;
  svg.classList.toggle('lighting', pointed.length > 0);
  const here = pointed.length ? pointed : paths(find(caret));
  const traced = !here.length && $('[data-traced]', svg);
  const through = elements(svg);
  const on = here.length ? here : paths(find(seen('at')));
  const now = new Set(traced ? svg.querySelectorAll('[data-traced]') : on.flatMap((path) => through.get(path) ?? []));
  // Only what changes is touched: a board has hundreds of wires, a path a few.
  for (const each of svg.querySelectorAll('.lit')) if (!now.has(each)) each.classList.remove('lit');
  for (const each of now) each.classList.add('lit');
  for (const each of svg.querySelectorAll('.caret')) each.classList.remove('caret');
  if (caret) find(caret)?.classList.add('caret');
}

/** Lights the path of where the caret stands, until it stands elsewhere. */
export function lightCaret(at) {
  if (at === caret) return;
  caret = at;
  light();
}

let waiting = 0;
/** Lights what is pointed at, once a frame: a pointer that hurries over a board meets many things in one. */
function point(element) {
  pointer = element;
  pointed = paths(element);
  waiting ||= requestAnimationFrame(() => { waiting = 0; light(); });
}

const target = (event) => event.target.closest?.('#board a.jack-link') ?? event.target.closest?.('#board .card[data-paths]');
document.addEventListener('pointerover', (event) => { const at = target(event); if (at) point(at); });
document.addEventListener('pointerout', (event) => { if (target(event) && !event.relatedTarget?.closest?.('#board .card')) point(null); });
document.addEventListener('focusin', (event) => { const at = event.target.closest?.('#board a.jack-link'); if (at?.matches(':focus-visible')) point(at); });
document.addEventListener('focusout', (event) => { if (event.target.closest?.('#board a.jack-link')) point(null); });
