// Keys: along the wires and between the rows on the board, and those of one sign, which can be turned off.
import { $ } from './dom.js';
import { explain } from './explain.js';
import { clearFilters, toFilter, toFolds, toggleBroken, turn } from './filter.js';
import { clear, seek } from './find.js';
import { paths } from './light.js';
import { isNarrow, turnStrip } from './phone.js';
import { asWide, fit, zoomIn, zoomOut } from './zoom.js';

const dialog = $('#keys');
const single = $('#single-keys');
const KEPT = 'podwire:single-keys';
const kept = {
  get: () => { try { return localStorage.getItem(KEPT); } catch { return null; } },
  set: (value) => { try { localStorage.setItem(KEPT, value); } catch { /* it holds for this page */ } },
};

const keys = {
  '/': seek,
  '?': () => dialog.showModal(),
  b: toggleBroken,
  n: () => toFilter('ns'),
  y: () => toFilter('type'),
  w: () => toFilter('workload'),
  o: toFolds,
  c: clearFilters,
  '[': () => (isNarrow() ? turnStrip(-1) : turn('before')),
  ']': () => (isNarrow() ? turnStrip(1) : turn('after')),
  i: explain,
  t: () => $('#trace').focus(),
  '+': zoomIn,
  '=': zoomIn,
  '-': zoomOut,
  0: asWide,
  f: fit,
};

/** The jacks on the board, each with its place. */
const jacks = () => Array.from(document.querySelectorAll('#board a.jack-link'), (link) => {
  const { left, top, width } = $('.hit', link).getBoundingClientRect();
  return { link, left, top, middle: left + width / 2 };
});

const least = (all, by) => all.reduce((best, each) => (best && by(best) <= by(each) ? best : each), null);

/** Where a key leads from a jack: along its wire to the nearest column that way, or within its own. */
function next(from, key) {
  const all = jacks();
  const at = all.find(({ link }) => link === from);
  if (!at) return null;
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (side) {
    const through = new Set(paths(from));
    const along = all.filter((each) => (each.middle - at.middle) * side > 1 && paths(each.link).some((path) => through.has(path)));
    const column = least(along, (each) => Math.abs(each.middle - at.middle));
    const there = along.filter((each) => Math.abs(each.middle - column.middle) < 1);
    return least(there, (each) => Math.abs(each.top - at.top));
  }
  const column = all.filter((each) => Math.abs(each.middle - at.middle) < 1).sort((a, b) => a.top - b.top);
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step) return column[column.indexOf(at) + step] ?? null;
  return column.at(key === 'Home' ? 0 : -1);
}

const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

function move(event) {
  const from = event.target.closest?.('#board a.jack-link');
  if (!from || event.shiftKey || !MOVES.includes(event.key)) return false;
  event.preventDefault();
  const to = next(from, event.key)?.link;
  to?.focus({ preventScroll: true });
  to?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return true;
}

/** From the board itself into it: Enter and the arrows go to the first jack, but for those that scroll it to the sides. */
function enterBoard(event) {
  const scroll = event.target;
  const toSides = ['ArrowLeft', 'ArrowRight'].includes(event.key) && scroll.scrollWidth > scroll.clientWidth;
  if (!scroll.matches?.('#board .scroll') || toSides || !['Enter', ...MOVES].includes(event.key)) return false;
  const first = least(jacks().filter(({ link }) => link.checkVisibility()), (each) => each.middle * 1e5 + each.top)?.link;
  if (!first) return false;
  event.preventDefault();
  first.focus({ preventScroll: true });
  first.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  return true;
}

const isWriting = (target) => target.closest?.('input:not([type=checkbox],[type=file]),textarea,select,[contenteditable],.writing');

if ($('#tools')) {
  single.checked = kept.get() !== 'off';
  single.addEventListener('change', () => kept.set(single.checked ? 'on' : 'off'));
  $('#help').addEventListener('click', () => dialog.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if ($('dialog[open]') || isWriting(event.target) || move(event) || enterBoard(event)) return;
    // What is selected goes first (select.js), then what is searched.
    if (event.key === 'Escape' && !$('#inspector h2')) clear();
    if (!single.checked || !Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// What had the focus and went with what it did, such as a fix that is applied, leaves it to the board, once nobody else takes it.
let last = null;
document.addEventListener('focusin', ({ target }) => { last = target; });
document.addEventListener('podwire:drawn', () => {
  setTimeout(() => {
    if (last && !last.checkVisibility() && document.activeElement === document.body) $('#board .scroll')?.focus({ preventScroll: true });
  });
});
