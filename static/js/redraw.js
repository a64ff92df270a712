// Drawing anew: the newest text wins, and a text that is broken while it is typed leaves the last good board.
import { $, note, say } from './dom.js';
import { hold, noAnswer, sent, tell, worked, working } from './state.js';
import { desk, payload } from './files.js';
import { lightAnew, showCurrent } from './light.js';
import { ASKED, CHOOSE, here, seen } from './view.js';
import { cut, nothingTold, swap, takesAway, toldIn } from './swap.js';

/** How long to wait for the next key while a drawing is under way, in milliseconds. */
const PATIENCE = 20;
/** From how many bytes on one is told how much of it is sent. */
const LARGE = 1_000_000;
const PARTS = ['board', 'pills', 'inspector', 'findings', 'table', 'filters', 'strip'];

/** What the server said of the text that is drawn, and of the text as it is. */
const told = () => { const at = $('#told'); return at ? JSON.parse(at.textContent) : nothingTold(); };
export const drawn = { good: told(), now: told(), files: [], held: false, chosen: '' };
if ($('#manifest')) drawn.files = [{ name: '', text: $('#manifest').defaultValue }];

/** Whether words choose Services, as there are more than one board has room for; on a board of all they only mark. */
export const finds = () => $('#filters')?.dataset.finds === 'true';

/** What chooses the board, in words that are the same for the same board. */
const chosen = () => CHOOSE.filter((name) => name !== 'find' || finds()).map((name) => `${name}=${seen(name)}`).join('&');
drawn.chosen = chosen();

/** Whether the address asks for another board than the one that is shown or on its way. */
export const isOther = () => chosen() !== drawn.chosen;

/** What is selected, by the form that is sent, or by the address where there is none. */
export const selected = () => $('#at')?.value ?? seen('at');

/** The files that the board shows: those that were last drawn, where the text has broken since. */
export const onBoard = () => (drawn.held ? drawn.files : desk.files);

let asking;
/** Whether another text than the one that is drawn was asked for, and is not drawn yet. */
let isOtherText = false;
let timer;

/** Draws what was typed: at once, or once the keys that come faster than drawings pause; `pause`: for so long, in any case. */
export function redrawSoon(pause = asking ? PATIENCE : 0) {
  clearTimeout(timer);
  if (pause) timer = setTimeout(() => redraw(true), pause);
  else redraw(true);
}

/** Draws now. `typed`: the text grew out of what is drawn, so that what is missing from it may only be broken for now. */
export async function redraw(typed = false) {
  clearTimeout(timer);
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const files = desk.files.map((file) => ({ ...file }));
  // Neither such a text nor what is typed into it before it is drawn grew out of the one that is.
  if (!typed && !isSame(files, drawn.files)) isOtherText = true;
  const at = selected();
  const trace = seen('trace');
  drawn.chosen = chosen();
  document.body.classList.add('busy');
  working();
  try {
    const { ok, status, text } = await ask('board', files, at, mine.signal);
    if (ok) accept(text, files, { at, trace });
    else keepLast(`Not drawn: ${detail(text)}. This is the last board that was drawn.`, status >= 500);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error instanceof TypeError) keepLast(noAnswer(), true);
    else throw error;
  } finally {
    if (mine === asking) {
      asking = null;
      worked();
      document.body.classList.remove('busy');
    }
  }
}

const isSame = (files, others) => files.length === others.length && files.every(({ name, text, blob }, at) => name === others[at].name && text === others[at].text && blob === others[at].blob);

/** The text, and what of it is to be shown. */
function written(files, at) {
  const data = payload(files);
  data.set('at', at);
  data.set('trace', seen('trace'));
  for (const name of ASKED) data.set(name, seen(name));
  return data;
}

/** The board stays what it was, and says why. `passing`: trying again may help. */
function keepLast(words, passing) {
  drawn.held = true;
  drawn.chosen = null;
  hold(words, passing ? () => redraw() : null);
  say(words);
}

/** Stops a drawing that takes too long. */
function stop() {
  if (!asking) return;
  asking.abort();
  asking = null;
  worked();
  document.body.classList.remove('busy');
  keepLast('Stopped. This is the last board that was drawn.', true);
  $('#held-retry').focus();
}
$('#work-stop')?.addEventListener('click', stop);

/** How many bytes files have, about. */
const weight = (files) => files.reduce((sum, { text, blob }) => sum + (text?.length ?? blob.size), 0);

/** Whether the text is so long that it is not sent for each thing that is selected. */
export const isLong = () => Boolean($('#editor')) && weight(onBoard()) >= LARGE;

/** Asks for a part of the page, of the text or of the address where there is no text; of what is large it is told how much is sent. */
export async function ask(target, files = onBoard(), at = seen('at'), signal = undefined) {
  const headers = { 'hx-request': 'true', 'hx-target': target };
  const body = $('#editor') && written(files, at);
  if (body && weight(files) >= LARGE) return askTelling(target, body, headers, signal);
  const answer = await fetch(body ? wayTo(target) : location.pathname + here(), { ...(body && { method: 'POST', body }), headers, signal });
  return { ok: answer.ok, status: answer.status, text: await answer.text() };
}

const wayTo = (target) => (target === 'inspector' ? '/inspect' : '/');

/** The same by the elder way, which says how much is sent. */
function askTelling(target, body, headers, signal) {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open('POST', wayTo(target));
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded, total }) => sent(loaded, total));
    request.addEventListener('load', () => done({ ok: request.status < 400, status: request.status, text: request.responseText }));
    request.addEventListener('error', () => fail(new TypeError('no answer')));
    request.addEventListener('abort', () => fail(new DOMException('stopped', 'AbortError')));
    signal?.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

/** What the server says in place of an answer. */
function detail(text) {
  try { return JSON.parse(text).detail ?? 'the server could not do this'; } catch { /* a page, not a problem document */ }
  return 'the server could not do this';
}

/** Says that the server did not do what was asked, while the board stays as it is; answers with what was said. */
export function refuse(text) {
  const words = text === undefined ? noAnswer() : sentence(detail(text));
  note(words);
  tell(words);
  say(words);
  return words;
}

const sentence = (words) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

function accept(html, files, asked) {
  const parts = cut(html);
  drawn.now = toldIn(parts);
  const broken = !isOtherText && whatBroke(parts);
  isOtherText = false;
  drawn.held = Boolean(broken);
  hold(broken ? `${placeOf(broken)} cannot be read: ${broken.message}. ${sentence(broken.help)}` : '');
  if (!broken) {
    drawn.good = drawn.now;
    drawn.files = files;
  }
  swap(parts, broken ? ['findings'] : PARTS);
  showCurrent(asked.at, Boolean(asked.trace));
  lightAnew();
  drawn.chosen = chosen();
  document.dispatchEvent(new CustomEvent('podwire:drawn', { detail: { files, ...asked } }));
}

const unread = (answer) => answer.findings.filter((finding) => finding.unread);

/** The finding that says which document broke and took something off the board; none where what is gone was deleted. */
function whatBroke(parts) {
  const { now } = drawn;
  const before = new Map();
  for (const { at: [file] } of unread(drawn.good)) before.set(drawn.good.files[file], (before.get(drawn.good.files[file]) ?? 0) + 1);
  const broken = unread(now).find(({ at: [file] }) => {
    const left = before.get(now.files[file]) ?? 0;
    before.set(now.files[file], left - 1);
    return left <= 0;
  });
  return broken && takesAway(parts) ? broken : null;
}

/** Where something stands, in words. */
export function placeOf({ at: [file, line] }) {
  const name = drawn.now.files[file];
  return name === '-' ? `Line ${line}` : `${name}:${line}`;
}
