// Selecting on the board and in lists: the address, the inspector, and the lines in the editor. Tracing.
import { $, say } from './dom.js';
import { find, leadsTo, light, showCurrent } from './light.js';
import { ask, drawn, isLong, isOther, onBoard, redraw, refuse, selected } from './redraw.js';
import { desk } from './files.js';
import { draw, isPart } from './filter.js';
import { tell as state } from './state.js';
import { forgetThere, swap } from './swap.js';
import { reveal } from './text.js';
import { ASKED, CHOOSE, look, seen } from './view.js';

const form = $('#editor');
const field = $('#trace');
const small = matchMedia('(max-width:900px)');

function mark(at) {
  for (const each of document.querySelectorAll('#board [data-traced]')) {
    delete each.dataset.traced;
    forgetThere('board');
  }
  field.value = '';
  showCurrent(at);
  light();
}

/** What the inspector waits for: an answer to anything older would take the place of what is told now. */
let awaited = new AbortController();
let isAwaited = false;

/** Selects a place on the board, or nothing; answers whether it is told and nothing else was selected meanwhile. */
async function select(at, push) {
  if (form) $('#at').value = at;
  if (push) {
    // What a part does not have is on the whole board, or on one of its own.
    const elsewhere = Boolean(at && !find(at) && isPart());
    look({ at, trace: '', ...(elsewhere && Object.fromEntries(CHOOSE.map((name) => [name, '']))) }, true);
    if (elsewhere) {
      field.value = '';
      await draw();
      if ($('#inspector h2') && !small.matches) showInspector();
      $('#board a.jack-link[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return true;
    }
  }
  awaited.abort();
  awaited = new AbortController();
  const { signal } = awaited;
  const before = $('#board a.jack-link[aria-current]');
  isAwaited = true;
  mark(at);
  const known = isLong() && (await inspectors()).get(at);
  if (signal.aborted) return false;
  if (known) inspect(known.innerHTML.trim());
  const isTold = known || await askFor(at, signal);
  if (!signal.aborted) isAwaited = false;
  return isTold && await arrive(at, signal, before);
}

/** Brings what is told into view, and says it; answers whether nothing else was selected meanwhile. */
async function arrive(at, signal, before) {
  const { isNarrow, showPlace } = await import('./phone.js');
  await showPlace(at);
  if (signal.aborted) return false;
  const title = $('#inspector h2');
  if (title && !small.matches) showInspector();
  const jack = $('#board a.jack-link[aria-current]');
  // The sheet must not hide what it is about.
  if (title && small.matches) (isNarrow() ? $('#strip .spot[aria-current]') : jack)?.scrollIntoView({ block: isNarrow() ? 'nearest' : 'start', inline: 'nearest' });
  if (!at && document.activeElement === document.body) (before ?? $('#board .scroll'))?.focus();
  tell();
  return true;
}

function inspect(words) {
  swap({ inspector: words }, ['inspector']);
  document.dispatchEvent(new Event('podwire:inspected'));
}

/** What was told of another place says nothing of this one: why it is not told stands there, to be closed as all that is told. */
function untold(at, words) {
  const make = (name, properties, ...within) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...within);
    return made;
  };
  const head = () => make('div', { className: 'inspector-head' }, make('h2', {}, at), make('a', { className: 'close', href: location.pathname, ariaLabel: 'Close the inspector' }, '\u00d7'));
  $('#inspector').replaceChildren(...(at ? [head(), make('p', { className: 'sub' }, words)] : []));
}

/** Has the server say what is selected; answers whether it did. */
async function askFor(at, signal) {
  try {
    const { ok, text } = await ask('inspector', onBoard(), at, signal);
    if (ok) inspect(text);
    else untold(at, refuse(text));
    // What an answer says of the board ends what was said of there being none.
    if (ok && !drawn.held) state('');
    return ok;
  } catch (error) {
    if (error.name === 'AbortError') return false;
    if (!(error instanceof TypeError)) throw error;
    untold(at, refuse());
    return false;
  }
}

/** What is told of every place on the board, asked for once where the text is long. */
let told = null;
function inspectors() {
  told ??= ask('inspectors').then(({ ok, text }) => {
    const parsed = document.createElement('template');
    parsed.innerHTML = ok ? text : '';
    return new Map(Array.from(parsed.content.querySelectorAll('[data-inspects]'), (each) => [each.dataset.inspects, each]));
  }, () => new Map());
  return told;
}
document.addEventListener('podwire:drawn', () => { told = null; });

/** Scrolls the column so far that the inspector begins below the text, which stays. */
function showInspector() {
  const side = $('.side');
  const top = Math.max($('#desk')?.getBoundingClientRect().bottom ?? 0, side.getBoundingClientRect().top) + 12;
  const at = $('#inspector').getBoundingClientRect();
  const room = Math.min(side.getBoundingClientRect().bottom, innerHeight) - top;
  if (at.top < top || at.top + Math.min(at.height, room) > top + room) side.scrollTop += at.top - top;
}

/** Shows the lines that say most about what is selected; nothing is marked where nothing is. */
export function showLines(at) {
  const lines = drawn.good.lines[at];
  reveal(lines && { file: drawn.good.files[lines[0]], first: lines[1], last: lines[2] });
}

/** Shows the line that a link names. `go`: the caret goes there. */
function showLine(link, go) {
  const line = Number(link.dataset.line);
  reveal({ file: drawn.now.files[Number(link.dataset.file)], first: line, last: line, select: go });
  if (go && small.matches) $('#desk').scrollIntoView({ block: 'start' });
}

/** Shows the line that makes a wire end; else those of the port that it leaves. */
function showFault(at) {
  const fault = $('#inspector .finding.error a.locate');
  if (fault) showLine(fault, false);
  else showLines(at);
}

function tell() {
  const title = $('#inspector h2');
  say(title ? `${title.textContent}: ${$('#inspector .sub')?.textContent ?? ''}` : 'Nothing is selected');
}

// Tracing draws the board anew, with what the trace lights.
function trace(to, push) {
  field.value = to;
  if (form) $('#at').value = '';
  // A trace is followed on a board that has its way, whichever was shown.
  if (push) look({ ...Object.fromEntries(ASKED.map((name) => [name, ''])), trace: to, at: '' }, true);
  redraw();
}

$('#tracing')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const to = field.value.trim();
  if (!to && !seen('trace')) {
    field.focus();
    state('Write where a packet is sent: node:30008, web.default:80, or http://shop.example.com/cart.');
    return;
  }
  trace(to, true);
});

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  // Whoever clicks where a wire ends, or its cross, wants to know why.
  const end = event.target.closest?.('#board .card.end, #board .wire-g.broken');
  const link = end ? leadsTo(end) : event.target.closest?.('a.jack-link, a.locate, a.close, a.near');
  if (!link || !$('#board')) return;
  event.preventDefault();
  if (link.dataset.trace) { trace(link.dataset.trace, true); return; }
  const at = link.dataset.at ?? '';
  const line = Number(link.dataset.line);
  // Where the board is what one sees, its place goes before the lines.
  const toBoard = Boolean(at && small.matches);
  if (line && form) showLine(link, !toBoard);
  if (link.classList.contains('locate') && !at) return;
  if (!line && form && !end) showLines(at);
  const { current } = desk;
  select(at, true).then((isTold) => {
    // Whoever writes meanwhile, or looks at another file, goes on there.
    if (end && form && isTold && desk.current === current && !document.activeElement.closest('.writing, #tab-name')) showFault(at);
  });
  if (link.classList.contains('locate')) $('#board [aria-current], #board .lit')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || event.defaultPrevented || $('dialog[open]') || !$('#inspector h2')) return;
  // In the editor Escape is about the editor.
  if (event.target.closest?.('.writing')) return;
  if (form) showLines('');
  select('', true);
});

addEventListener('popstate', () => {
  if (!$('#board')) return;
  if (seen('trace') || field.value || isOther()) {
    if (seen('trace')) { trace(seen('trace'), false); return; }
    if (form) $('#at').value = seen('at');
    mark(seen('at'));
    draw();
  } else {
    if (form) showLines(seen('at'));
    select(seen('at'), false);
  }
});

document.addEventListener('podwire:drawn', (event) => {
  // A board brings what is told of its place.
  const isArriving = isAwaited && !drawn.held;
  if (isArriving) {
    awaited.abort();
    awaited = new AbortController();
    isAwaited = false;
  }
  // What was selected, or is traced no longer, since the drawing was asked for is not in it.
  if (selected() !== event.detail.at || seen('trace') !== event.detail.trace) { select(selected(), false); return; }
  if (seen('trace')) { tell(); return; }
  if (isArriving) { arrive(selected(), awaited.signal); return; }
  const what = $('#overview h2') ?? $('#shown') ?? $('#pills');
  const words = drawn.held ? '' : `${what.textContent} drawn`;
  if (words && $('#live').textContent !== words) say(words);
});
