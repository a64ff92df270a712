// The guided reading of the first example: step by step, each lighting what it speaks of. Offered below the board until one
// says no; the list of keys has it too. Without this its steps are a list to unfold.
import { $, note, say } from './dom.js';
import { desk } from './files.js';
import { isOriginal, reveal } from './text.js';
import { bringBack, putAside } from './undo.js';

const tour = $('#tour');
const panel = $('#tour-panel');
const offer = tour && $('summary', tour);
const OF_THIS = offer?.textContent;
const KEPT = 'podwire:no-tour';
/** The page that the reading was asked for on, where it is not this one. */
const CAME_FROM = 'podwire:tour-from';
const kept = {
  get: () => { try { return localStorage.getItem(KEPT); } catch { return null; } },
  set: () => { try { localStorage.setItem(KEPT, '1'); } catch { /* it is not offered again on this page */ } },
};

const steps = [...tour?.querySelectorAll('.tour-steps>li') ?? []];
let step = -1;
let from = null;
/** The files that it reads. */
let reads = null;

const on = () => step >= 0;

/** Where a wire begins and ends, and where a jack is: in the board's own coordinates. */
function ends(path) {
  const [x, y, ...rest] = path.getAttribute('d').match(/-?\d+(?:\.\d+)?/g).map(Number);
  return [[x, y], rest.length === 1 ? [rest[0], y] : rest.slice(-2)];
}
const middle = (jack) => jack.getAttribute('transform').match(/-?\d+/g).map(Number);
const touches = (jacks, [x, y]) => jacks.some(([left, top]) => Math.hypot(left - x, top - y) < 16);

/** Lights what a step speaks of: rows with their cards, the wires between them, and single words. */
function light() {
  const svg = $('#board .scroll>svg');
  for (const each of svg.querySelectorAll('.told, .spoken')) each.classList.remove('told', 'spoken');
  const { rows, cards, words } = on() ? steps[step].dataset : {};
  const strip = $('#strip');
  for (const each of [svg, strip]) each?.classList.toggle('touring', Boolean(rows));
  if (!rows) { lightStrip(strip, []); return null; }
  const told = [...svg.querySelectorAll(rows)];
  const jacks = told.flatMap((row) => [...row.querySelectorAll('.jack')]).map(middle);
  for (const row of told) { row.classList.add('told'); row.closest('.card').classList.add('told'); }
  if (cards) for (const card of svg.querySelectorAll(cards)) card.classList.add('told');
  for (const wire of svg.querySelectorAll('.wire-g')) wire.classList.toggle('told', ends($('.wire', wire)).every((end) => touches(jacks, end)));
  const spoken = (words ?? '').split(' ').filter(Boolean).flatMap((word) => [...svg.querySelectorAll(`.told [data-term=${word}]`)]);
  for (const each of spoken) each.classList.add('spoken');
  return lightStrip(strip, told) ?? told.at(-1);
}

/** The same where one Service at a time is shown. */
function lightStrip(strip, told) {
  const places = told.map((row) => row.dataset.at).filter(Boolean);
  const spots = [...strip?.querySelectorAll('.spot') ?? []];
  for (const spot of spots) spot.classList.toggle('told', places.includes(spot.dataset.at));
  return spots.findLast((spot) => spot.matches('.told') && spot.checkVisibility());
}

/** Marks the lines that a step speaks of. */
function markLines() {
  const { line, lines = '1' } = on() ? steps[step].dataset : {};
  if (!line || desk.file.text === undefined) { reveal(null); return; }
  const at = desk.file.text.split('\n').findIndex((each) => each.replace(/^[\s-]*/, '').startsWith(line)) + 1;
  reveal(at > 0 ? { file: desk.file.name || '-', first: at, last: at + Number(lines) - 1 } : null);
}

function show() {
  const told = steps[step];
  const last = step === steps.length - 1;
  $('#tour-count').textContent = `Step ${step + 1} of ${steps.length}`;
  $('#tour-heading').textContent = $('h2', told).textContent;
  $('#tour-words').replaceChildren(...$('p', told).cloneNode(true).childNodes);
  $('#tour-back').disabled = step === 0;
  $('#tour-next').textContent = last ? 'Done' : 'Next';
  $('#tour-skip').hidden = last;
  markLines();
  const there = light();
  there?.scrollIntoView({ block: 'nearest', inline: 'center' });
  panel.scrollIntoView({ block: 'nearest' });
  say(`${$('#tour-count').textContent}. ${$('#tour-heading').textContent}. ${$('#tour-words').textContent}`);
}

/** Begins the reading; what has the focus gets it back. */
export function begin() {
  if (!tour) {
    try { sessionStorage.setItem(CAME_FROM, location.href); } catch { /* Back leads there as well */ }
    location.assign('/#tour');
    return;
  }
  from = document.activeElement === document.body ? null : document.activeElement;
  putAside();
  reads = desk.files;
  note(desk.aside ? 'This is an example. What you had here comes back after the reading.' : '');
  tour.classList.add('on');
  tour.classList.remove('declined');
  panel.hidden = false;
  step = 0;
  show();
  $('#tour-next').focus({ preventScroll: true });
}

function end() {
  if (!on()) return;
  step = -1;
  // Whoever opens other files meanwhile works on with those.
  if (desk.files !== reads) desk.aside = null;
  else if (bringBack()) note('The reading is over, and what you had here is back.');
  panel.hidden = true;
  tour.classList.remove('on');
  kept.set();
  tour.classList.add('declined');
  light();
  markLines();
  const back = from?.checkVisibility({ visibilityProperty: true }) ? from : $('#board .scroll');
  back.focus({ preventScroll: true });
  say('The guided reading is over');
  offerWayBack();
}

/** Offers the way to the page that one came from. */
function offerWayBack() {
  try {
    const there = sessionStorage.getItem(CAME_FROM);
    sessionStorage.removeItem(CAME_FROM);
    if (there) note('The reading is over.', { 'Back to where you were': () => location.assign(there) });
  } catch { /* Back leads there */ }
}

/** Says whose board it reads. */
const offerOf = () => { offer.textContent = isOriginal() || on() ? OF_THIS : 'New to Services? Read an example in 8 steps'; };

function go(by) {
  if (step + by < 0) return;
  if (step + by === steps.length) { end(); return; }
  step += by;
  show();
  if ($('#tour-back').disabled && document.activeElement === document.body) $('#tour-next').focus();
}

if (tour) {
  tour.classList.add(kept.get() ? 'declined' : 'offered');
  offer.addEventListener('click', (event) => { event.preventDefault(); begin(); });
  $('#tour-next').addEventListener('click', () => go(1));
  $('#tour-back').addEventListener('click', () => go(-1));
  $('#tour-skip').addEventListener('click', end);
  $('#tour-dismiss').addEventListener('click', () => {
    kept.set();
    tour.classList.add('declined');
    $('#help').focus({ preventScroll: true });
    say('It is not offered again. The list of keys has it.');
  });
  panel.addEventListener('keydown', (event) => {
    const act = { ArrowRight: () => go(1), ArrowLeft: () => go(-1), Escape: end }[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  });
  document.addEventListener('podwire:drawn', () => {
    offerOf();
    const there = on() && light();
    // It begins before the board is drawn that it reads.
    if (step === 0) there?.scrollIntoView({ block: 'nearest', inline: 'center' });
  });
  document.addEventListener('podwire:files', () => { if (on() && desk.files !== reads) end(); });
  offerOf();
  const asked = () => {
    if (location.hash !== '#tour') return;
    history.replaceState(history.state, '', location.pathname + location.search);
    if (!on()) begin();
  };
  addEventListener('hashchange', asked);
  asked();
}

$('#tour-again')?.addEventListener('click', (event) => {
  event.preventDefault();
  $('#keys').close();
  begin();
});
