// Selecting on the board and in lists: the address, the inspector, and the lines in the editor. Tracing.
import { $, say } from './dom.js';
import { find, light } from './light.js';
import { drawn, redraw, refuse, onBoard } from './redraw.js';
import { desk, payload } from './files.js';
import { draw, shown } from './filter.js';
import { tell as told } from './state.js';
import { forgetThere } from './swap.js';
import { reveal } from './text.js';
import { here, look, seen } from './view.js';

const form = $('#editor');
const field = $('#trace');
const small = matchMedia('(max-width:900px)');

function mark(at) {
  for (const each of document.querySelectorAll('#board a.jack-link[aria-current]')) each.removeAttribute('aria-current');
  for (const each of document.querySelectorAll('#board [data-traced]')) {
    delete each.dataset.traced;
    forgetThere();
  }
  field.value = '';
  if (at) for (const each of document.querySelectorAll(`#board a.jack-link[data-at=${JSON.stringify(at)}]`)) each.setAttribute('aria-current', 'true');
  light();
}

/** Selects a place on the board, or nothing. */
async function select(at, push) {
  if (form) $('#at').value = at;
  if (push) {
    // What a board of what is broken does not have is on the whole one.
    const elsewhere = Boolean(at && seen('broken') && !find(at));
    look({ at, trace: '', broken: elsewhere ? '' : seen('broken') }, true);
    if (elsewhere) await draw();
    if (elsewhere && !form) return;
  }
  const before = $('#board a.jack-link[aria-current]');
  mark(at);
  const swap = { source: document.body, target: '#inspector', swap: 'morph' };
  const asked = form ? htmx.ajax('POST', '/inspect', swap) : htmx.ajax('GET', here() || location.pathname, swap);
  // Why there was no answer is said below, where htmx tells of it.
  if (!await asked.then(() => true, () => false)) return;
  const title = $('#inspector h2');
  if (title && !small.matches) showInspector();
  const jack = $('#board a.jack-link[aria-current]');
  if (title && small.matches) jack?.scrollIntoView({ block: 'start', inline: 'nearest' });
  if (!at && document.activeElement === document.body) (before ?? $('#board .scroll'))?.focus();
  tell();
}

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

function tell() {
  const title = $('#inspector h2');
  say(title ? `${title.textContent}: ${$('#inspector .sub')?.textContent ?? ''}` : 'Nothing is selected');
}

// Tracing draws the editor's text anew, with what the trace lights; a shared diagram, which has none, is a page to open.
function trace(to, push) {
  field.value = to;
  $('#at').value = '';
  if (push) look({ trace: to, at: '', broken: '' }, true);
  redraw();
}

$('#tracing')?.addEventListener('submit', (event) => {
  if (!form) return;
  event.preventDefault();
  trace(field.value.trim(), true);
});

document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a.jack-link, a.locate, a.close, a.near');
  if (!link || !$('#board') || (link.dataset.trace && !form)) return;
  event.preventDefault();
  if (link.dataset.trace) { trace(link.dataset.trace, true); return; }
  const at = link.dataset.at ?? '';
  const line = Number(link.dataset.line);
  if (line && form) reveal({ file: drawn.now.files[Number(link.dataset.file)], first: line, last: line, select: true });
  if (link.classList.contains('locate') && !at) return;
  if (!line && form) showLines(at);
  select(at, true);
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
  const other = seen('broken') !== shown();
  if (seen('trace') || other) {
    if (!form) { location.reload(); return; }
    if (seen('trace')) { trace(seen('trace'), false); return; }
    $('#at').value = seen('at');
    mark(seen('at'));
    redraw();
  } else {
    if (form) showLines(seen('at'));
    select(seen('at'), false);
  }
});

// What is told of the board is told of the text that it shows.
document.body.addEventListener('htmx:configRequest', (event) => {
  const { verb, path, formData } = event.detail;
  if (!form || verb !== 'post' || !formData) return;
  payload(path === '/inspect' ? onBoard() : desk.files, formData);
  formData.set('at', $('#at').value);
  formData.set('trace', field.value);
  formData.set('broken', seen('broken'));
  formData.set('expires', $('#expires').value);
});

document.addEventListener('podwire:drawn', (event) => {
  // What was selected while the drawing was under way is not in it.
  if ($('#at').value !== event.detail.at) { select($('#at').value, false); return; }
  if (field.value) { tell(); return; }
  const words = drawn.held ? '' : `${$('#pills').textContent} drawn`;
  if (words && $('#live').textContent !== words) say(words);
});

document.addEventListener('htmx:responseError', (event) => refuse(event.detail.xhr.responseText));
document.addEventListener('htmx:sendError', () => refuse());
// What an answer says of the board ends what was said of there being none.
document.addEventListener('htmx:afterRequest', (event) => { if (event.detail.successful && !drawn.held) told(''); });
