// What the words and jacks on the board mean, beside them: when pointed at, when a jack has the focus, when tapped, and all of
// a jack's and its card's by a key. It stays until one goes elsewhere or presses Escape, and the pointer may go into it.
import { $, say } from './dom.js';
import { paths } from './light.js';

/** How long to wait, in milliseconds: before it comes for a pointer, before it comes for the focus, and before it goes. */
const HOVER = 500;
const FOCUS = 800;
const GRACE = 250;
/** Between a word and what is said of it, and between that and the edge of the window. */
const GAP = 6;
const EDGE = 8;

const box = $('#about');
/** What it is about, and where the focus came from when it went in. */
let anchor = null;
let origin = null;
let timer = 0;
let asked;

/** Every term's words, fetched once they are needed. */
function terms() {
  asked ??= fetch('/words').then(async (answer) => {
    if (!answer.ok) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    return new Map(Array.from(page.querySelectorAll('.word'), (word) => [word.id, word]));
  }).catch(() => { asked = undefined; return new Map(); });
  return asked;
}

/** What stands there: a shortened text has the whole in its title. */
const valueOf = (element) => (['text', 'span'].includes(element.localName) ? ($('title', element) ?? element).textContent : '');

/** The words of some elements, each term once. */
async function said(elements) {
  const known = await terms();
  const words = new Map();
  for (const element of elements) {
    const term = element.dataset.term;
    if (!known.has(term) || words.has(term)) continue;
    const word = known.get(term).cloneNode(true);
    word.removeAttribute('id');
    const value = valueOf(element);
    if (value) $('dt', word).prepend(Object.assign(document.createElement('code'), { textContent: value }), ' ');
    words.set(term, word);
  }
  return [...words.values()];
}

function place() {
  const { left, right } = anchor.getBoundingClientRect();
  // What is said of a word must not hide the wire that it lights.
  const { top, bottom } = ($('.hit', anchor.closest('.row') ?? anchor) ?? anchor).getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = innerHeight - bottom - GAP - EDGE;
  const under = below >= height || below >= top - GAP - EDGE;
  const x = Math.min(Math.max((left + right) / 2 - width / 2, EDGE), document.documentElement.clientWidth - width - EDGE);
  box.style.left = `${x}px`;
  box.style.top = `${under ? bottom + GAP : Math.max(EDGE, top - GAP - height)}px`;
}

/** Shows what some elements mean, beside one. */
async function show(beside, elements) {
  anchor = beside;
  const words = await said(elements);
  // One may have gone elsewhere meanwhile.
  if (anchor !== beside || !beside.isConnected || !words.length) return false;
  const list = Object.assign(document.createElement('dl'), { className: 'words' });
  list.append(...words);
  box.replaceChildren(list);
  box.hidden = false;
  box.scrollTop = 0;
  place();
  return true;
}

function hide() {
  clearTimeout(timer);
  const inside = box.contains(document.activeElement);
  anchor = null;
  box.hidden = true;
  if (inside) (origin?.isConnected ? origin : $('#board .scroll'))?.focus({ preventScroll: true });
  origin = null;
}

const soon = (act, wait) => { clearTimeout(timer); timer = setTimeout(act, wait); };

const ofRow = (row) => [...row.querySelectorAll('[data-term]')];
const ofHead = (card) => [...card.querySelectorAll(':scope > [data-term]')];

/** The headings of the column and of the place that a card stands in. */
function headings(card) {
  const { left, right } = card.getBoundingClientRect();
  const svg = card.closest('svg');
  const lanes = [...svg.querySelectorAll(':scope > .t-lane')].filter((lane) => {
    const x = lane.getBoundingClientRect().left;
    return left - EDGE < x && x < right;
  });
  const zones = [...svg.querySelectorAll(':scope > .zone')].filter((zone) => {
    const area = zone.getBoundingClientRect();
    return area.left < right && left < area.right;
  });
  const names = zones.flatMap((zone) => {
    const after = [];
    for (let next = zone.nextElementSibling; next?.localName === 'text' && !next.matches('.t-lane'); next = next.nextElementSibling) after.push(next);
    return after;
  });
  return [...lanes, ...names];
}

/** All that there is to say of a jack: its row, its card, what no key leads to on its way, and where it stands. */
function all(jack) {
  if (jack.matches('.spot')) return [...ofRow(jack), ...jack.closest('.one').querySelectorAll('header [data-term]')];
  const card = jack.closest('.card');
  const through = new Set(paths(jack));
  const mute = [...document.querySelectorAll('#board .card:is(.client, .end)')].filter((each) => paths(each).some((path) => through.has(path)));
  return [...ofRow(jack), ...ofHead(card), ...mute.flatMap((each) => [...each.querySelectorAll('[data-term]')]), ...headings(card)];
}

/** Goes into what is said of the jack or sign that has the focus; answers whether there is one. */
export async function explain() {
  const from = document.activeElement?.closest?.('#board a.jack-link, #board a.sign, #strip a.spot');
  if (!from) { say('Go to a jack on the board first'); return; }
  clearTimeout(timer);
  origin = from;
  if (!await show(from, from.matches('.sign') ? [from] : all(from))) return;
  $('a', box).focus({ preventScroll: true });
}

if (box) {
  const term = (event) => event.target.closest?.('#board [data-term], #strip [data-term]');
  const ofBox = (event) => event.target.closest?.('#about');
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType === 'touch' || event.buttons) return;
    const at = term(event);
    if (at && at !== anchor) soon(() => show(at, [at]), box.hidden ? HOVER : GRACE);
    else if (at || ofBox(event)) clearTimeout(timer);
    else if (anchor && !origin && !anchor.matches(':focus-visible')) soon(hide, GRACE);
    else if (!anchor) clearTimeout(timer);
  });
  document.addEventListener('focusin', (event) => {
    if (ofBox(event)) return;
    const at = event.target.closest?.('#board a.jack-link, #board a.sign, #strip a.spot');
    if (anchor && at !== anchor) hide();
    if (at?.matches(':focus-visible')) soon(() => show(at, at.matches('.sign') ? [at] : ofRow(at)), FOCUS);
  });
  document.addEventListener('focusout', (event) => {
    if (event.relatedTarget && !event.relatedTarget.closest?.('#about') && !box.hidden && ofBox(event)) { origin = null; hide(); }
    if (event.target === anchor && !event.relatedTarget?.closest?.('#about')) hide();
    if (!anchor) clearTimeout(timer);
  });
  document.addEventListener('click', (event) => {
    if (ofBox(event)) return;
    const at = term(event);
    const sign = at?.closest('a.sign');
    if (sign && !event.ctrlKey && !event.metaKey && !event.shiftKey) event.preventDefault();
    // What selects says in the inspector what it is.
    if (at && !at.closest('a.jack-link, a.spot, .card.end')) { clearTimeout(timer); show(sign ?? at, [sign ?? at]); }
    else if (!box.hidden) hide();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || box.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    hide();
  }, true);
  document.addEventListener('scroll', (event) => { if (!box.hidden && !box.contains(event.target)) hide(); }, { capture: true, passive: true });
  // Whoever cannot point reads it in the inspector, open from the first; whoever opened or closed it finds it so.
  let isOpen = matchMedia('(hover:none)').matches;
  const asLeft = () => { const words = $('#inspector .explained'); if (words) words.open = isOpen; };
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('.explained>summary')) isOpen = !event.target.closest('.explained').open;
  });
  document.addEventListener('podwire:inspected', asLeft);
  document.addEventListener('podwire:drawn', asLeft);
  asLeft();
  addEventListener('resize', () => { if (!box.hidden) place(); });
  document.addEventListener('podwire:drawn', () => { if (anchor && !anchor.isConnected) hide(); });
}
