// A narrow screen shows one Service at a time: turning to the next, by button, key or swipe. All of them are fetched once
// somebody turns, so that turning itself waits for nobody.
import { $, say } from './dom.js';
import { paths } from './light.js';
import { ask, refuse } from './redraw.js';
import { forgetThere } from './swap.js';
import { look, seen } from './view.js';

const narrow = matchMedia('(max-width:700px)');
/** How far a finger goes sideways before it turns, in pixels, and how much farther than up or down. */
const FAR = 48;
const STEEP = 1.6;

/** Whether one Service at a time is shown. */
export const isNarrow = () => narrow.matches && Boolean($('#strip .one'));

/** The Services of the board by their addresses, once they were fetched. */
let strips = null;

async function all() {
  const asked = strips ??= ask('strips').then(({ ok, text }) => {
    if (!ok) { refuse(text); return null; }
    const parsed = document.createElement('template');
    parsed.innerHTML = text;
    return new Map(Array.from(parsed.content.querySelectorAll('template'), (each) => [each.dataset.strip, each.content]));
  }, () => { refuse(); return null; });
  const known = await asked;
  if (known && asked !== strips) return all(); // A board that has come since has others.
  if (known) return known;
  // What was not answered is asked again by whoever turns next.
  if (asked === strips) strips = null;
  return new Map();
}

const current = () => $('#strip .one')?.dataset.strip;

/** Marks what is selected, where it is on what is shown. */
function mark() {
  for (const each of document.querySelectorAll('#strip .spot')) {
    if (each.dataset.at && each.dataset.at === seen('at')) each.setAttribute('aria-current', 'true');
    else each.removeAttribute('aria-current');
  }
}

function show(card, content) {
  if (!content || card === current()) return;
  const focused = document.activeElement?.closest?.('#strip .turn .button')?.className;
  $('#strip').replaceChildren(content.cloneNode(true));
  forgetThere('strip');
  mark();
  if (focused) $(`#strip .turn .${focused.includes('before') ? 'before' : 'after'}`)?.focus({ preventScroll: true });
  look({ card });
  say(`${$('#strip .one').getAttribute('aria-label')}, ${$('#strip .turn span')?.textContent ?? ''}`);
}

/** Turns to the Service after this one, or before it. */
export async function turnStrip(by) {
  const known = await all();
  const cards = [...known.keys()];
  if (!cards.length) return;
  const at = cards.indexOf(current());
  const card = cards[(Math.max(at, 0) + by + cards.length) % cards.length];
  show(card, known.get(card));
}

/** Shows the Service that the address names; where it is not on the board, the address names what is shown. */
async function showNamed() {
  const card = seen('card');
  if (card === current() || (!card && !strips)) return;
  const content = card && (await all()).get(card);
  if (content) show(card, content);
  else if (current()) look({ card: current() });
}

/** Shows the Service that has a place, or the one that the address names, where another is shown. */
export async function showPlace(at) {
  if (!isNarrow()) return;
  if (!at) { await showNamed(); return; }
  const has = (root) => Array.from(root.querySelectorAll('[data-at]')).some((each) => each.dataset.at === at);
  if (!has($('#strip'))) for (const [card, content] of await all()) if (card === at || has(content)) { show(card, content); break; }
  mark();
}

/** Shows the Service that something on the board belongs to. */
export async function showCard(element) {
  const through = new Set(paths(element));
  const service = [...document.querySelectorAll('#board .card.service')].find((card) => card === element.closest('.card') || paths(card).some((path) => through.has(path)));
  if (service) show(service.dataset.card, (await all()).get(service.dataset.card));
}

const strip = $('#strip');
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('#strip .turn a');
  if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  turnStrip(link.classList.contains('before') ? -1 : 1);
});

let from = null;
strip?.addEventListener('touchstart', ({ touches }) => { from = touches.length === 1 ? touches[0] : null; }, { passive: true });
strip?.addEventListener('touchend', ({ changedTouches: [to] }) => {
  if (!from) return;
  const [x, y] = [to.clientX - from.clientX, to.clientY - from.clientY];
  from = null;
  if (Math.abs(x) > FAR && Math.abs(x) > STEEP * Math.abs(y)) turnStrip(x > 0 ? -1 : 1);
}, { passive: true });
document.addEventListener('podwire:drawn', () => {
  strips = null;
  mark();
  if (isNarrow() && seen('card')) showNamed();
});
