// Finding on the board by name, namespace, label and port: what matches is marked, and what no wire joins to it is dimmed.
import { $, say } from './dom.js';
import { draw } from './filter.js';
import { leadsTo, paths } from './light.js';
import { isNarrow, showCard } from './phone.js';
import { finds } from './redraw.js';
import { look, seen } from './view.js';

const field = $('#find');
const count = $('#found');
/** How long to wait with telling the count while one types, in milliseconds. */
const BREATH = 500;
/** How long to wait for the next letter where words choose the board, in milliseconds. */
const PAUSE = 200;

let matches = [];
let place = -1;
let telling;
let asking;

const textOf = (elements) => Array.from(elements, (text) => text.textContent).join(' ');

/** Whether some words have a term in them: a number as a whole one, so that 80 is not found in 8080 or in an address. */
function test(term) {
  const number = /^:?(\d+)$/.exec(term)?.[1];
  if (!number) return (words) => words.includes(term);
  const whole = new RegExp(`(?<![\\d.])${number}(?![\\d.])`);
  return (words) => whole.test(words);
}

/** The cards and rows in which every term is; a row also has the words of its card. */
function search(svg, wanted) {
  const tests = wanted.toLowerCase().split(/\s+/).filter(Boolean).map(test);
  const found = [];
  for (const card of tests.length ? svg.querySelectorAll('.card') : []) {
    const { card: at = '', labels = '' } = card.dataset;
    const name = card.getAttribute('aria-label').replace(' in namespace ', ' ');
    const head = `${name} ${at} ${labels} ${textOf(card.querySelectorAll(':scope > text'))}`.toLowerCase();
    const missing = tests.filter((each) => !each(head));
    if (!missing.length) found.push(card);
    else {
      for (const row of card.querySelectorAll('.row')) {
        const words = `${row.dataset.at ?? ''} ${textOf(row.querySelectorAll('text'))}`.toLowerCase();
        if (missing.every((each) => each(words))) found.push(row);
      }
    }
  }
  return found;
}

/** What a match is across redraws. */
const nameOf = (match) => `${match.closest('.card').getAttribute('aria-label')} ${match.dataset.at ?? ''}`;

/** In the order in which one reads: from top to bottom, then from left to right. */
function inOrder(found) {
  const places = new Map(found.map((each) => [each, each.getBoundingClientRect()]));
  return found.sort((a, b) => places.get(a).top - places.get(b).top || places.get(a).left - places.get(b).left);
}

/** Marks what matches; `tell` says how many there are. */
function mark(tell) {
  const svg = $('#board .scroll>svg');
  const wanted = field.value.trim();
  const before = matches[place] && nameOf(matches[place]);
  for (const each of svg.querySelectorAll('.found,.kept,.here')) each.classList.remove('found', 'kept', 'here');
  matches = inOrder(search(svg, wanted));
  // A redraw may have put another element in its place.
  place = matches.findIndex((each) => nameOf(each) === before);
  svg.classList.toggle('searching', wanted !== '');
  const on = new Set(matches.flatMap(paths));
  if (wanted) {
    for (const each of svg.querySelectorAll('[data-paths]')) each.classList.toggle('kept', paths(each).some((path) => on.has(path)));
  }
  for (const each of matches) {
    each.classList.add('found', 'kept');
    each.closest('.card').classList.add('kept');
  }
  matches[place]?.classList.add('here');
  show(wanted);
  clearTimeout(telling);
  if (tell) telling = setTimeout(() => say(inWords(wanted)), BREATH);
}

function inWords(wanted) {
  if (!wanted) return 'Everything is shown';
  if (!matches.length) return `Nothing on the board matches ${wanted}`;
  return `${matches.length} ${matches.length === 1 ? 'match' : 'matches'} on the board`;
}

function show(wanted) {
  const at = place < 0 ? '' : `${place + 1} of `;
  count.textContent = wanted ? (matches.length ? at + matches.length : 'none') : '';
}

/** Goes to another match, and says which. */
function go(by) {
  if (!matches.length) { say(inWords(field.value.trim())); return; }
  clearTimeout(telling);
  matches[place]?.classList.remove('here');
  place = place < 0 && by < 0 ? matches.length - 1 : (place + by + matches.length) % matches.length;
  const match = matches[place];
  match.classList.add('here');
  if (isNarrow()) showCard(match);
  else match.scrollIntoView({ block: 'center', inline: 'nearest' });
  show(field.value.trim());
  const row = match.matches('.row') ? `${textOf(match.querySelectorAll('text'))}, ` : '';
  say(`${place + 1} of ${matches.length}: ${row}${match.closest('.card').getAttribute('aria-label')}`);
}

/** The jack of a match; of one without any, such as the end of a wire, the Service's that leads there. */
function jackOf(match) {
  if (!match || match.matches('a.jack-link')) return match;
  return $('a.jack-link', match) ?? leadsTo(match);
}

/** Goes to the board, to what was found last. */
function enter() {
  // What is told of the jack must not be talked over.
  clearTimeout(telling);
  jackOf(matches[Math.max(place, 0)] ?? $('#board .card'))?.focus();
}

/** Takes the search back; answers whether there was one. */
export function clear() {
  if (!field?.value) return false;
  field.value = '';
  changed();
  return true;
}

/** Goes to the field. */
export function seek() {
  field.focus();
  field.select();
}

function changed() {
  const wanted = field.value.trim();
  if (!finds()) {
    look({ find: wanted });
    mark(true);
    return;
  }
  // The server finds among more Services than the page has.
  look({ find: wanted, page: '', service: '', at: '', trace: '' });
  if ($('#at')) $('#at').value = '';
  $('#trace').value = '';
  clearTimeout(asking);
  asking = setTimeout(draw, PAUSE);
}

if (field) {
  field.addEventListener('input', changed);
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
    else if (event.key === 'ArrowDown') enter();
    else if (event.key !== 'Escape') return;
    else if (!clear()) field.blur();
    event.preventDefault();
  });
  $('#finding').addEventListener('submit', (event) => { event.preventDefault(); });
  document.addEventListener('podwire:drawn', () => {
    // Filters that are cleared take the words along.
    if (document.activeElement !== field) field.value = seen('find');
    if (field.value || $('#board svg.searching')) mark(false);
  });
  const asAsked = () => {
    field.value = seen('find');
    mark(false);
  };
  addEventListener('popstate', asAsked);
  if (seen('find')) asAsked();
  else field.value = '';
}
