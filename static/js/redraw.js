// Drawing anew: the newest text wins, and a text that is broken while it is typed leaves the last good board.
import { $, note, say } from './dom.js';
import { desk, payload } from './files.js';
import { lightAnew } from './light.js';
import { ASKED, here, seen } from './view.js';
import { cut, nothingTold, swap, takesAway, toldIn } from './swap.js';

/** How long to wait for the next key while a drawing is under way, in milliseconds. */
const PATIENCE = 20;
const PARTS = ['board', 'pills', 'inspector', 'findings', 'table', 'filters', 'strip'];

/** What the server said of the text that is drawn, and of the text as it is. */
const told = () => { const at = $('#told'); return at ? JSON.parse(at.textContent) : nothingTold(); };
export const drawn = { good: told(), now: told(), files: [], held: false };

/** The files that the board shows: those that were last drawn, where the text has broken since. */
export const onBoard = () => (drawn.held ? drawn.files : desk.files);

let asking;
let timer;

/** Draws what was typed: at once, or once the keys that come faster than drawings pause. */
export function redrawSoon() {
  clearTimeout(timer);
  if (asking) timer = setTimeout(() => redraw(true), PATIENCE);
  else redraw(true);
}

/** Draws now. `typed`: the text grew out of what is drawn, so that what is missing from it may only be broken for now. */
export async function redraw(typed = false) {
  clearTimeout(timer);
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const files = desk.files.map((file) => ({ ...file }));
  const at = $('#at')?.value ?? seen('at');
  document.body.classList.add('busy');
  try {
    const answer = await ask('board', files, at, mine.signal);
    const words = await answer.text();
    if (answer.ok) accept(words, files, at, typed);
    else refuse(words);
  } catch (error) {
    if (error.name === 'AbortError') return;
    if (error instanceof TypeError) note('The server does not answer; the picture is the last one drawn.');
    else throw error;
  } finally {
    if (mine === asking) {
      asking = null;
      document.body.classList.remove('busy');
    }
  }
}

/** Asks for a part of the page: of the text that is edited, or of the address. */
export function ask(target, files = onBoard(), at = seen('at'), signal = undefined) {
  const text = $('#editor') && { method: 'POST', body: written(files, at) };
  return fetch(text ? '/' : location.pathname + here(), { ...text, headers: { 'hx-request': 'true', 'hx-target': target }, signal });
}

/** The text, and what of it is to be shown. */
function written(files, at) {
  const data = payload(files);
  data.set('at', at);
  data.set('trace', $('#trace').value);
  for (const name of ASKED) data.set(name, seen(name));
  return data;
}

/** Says what the server says in place of a drawing. */
export function refuse(text) {
  let words = 'The server could not draw this.';
  try { words = JSON.parse(text).detail ?? words; } catch { /* a page, not a problem document */ }
  note(words);
  say(words);
}

function accept(html, files, at, typed) {
  const parts = cut(html);
  drawn.now = toldIn(parts);
  const broken = typed && whatBroke(parts);
  hold(broken);
  if (!broken) {
    drawn.good = drawn.now;
    drawn.files = files;
  }
  swap(parts, broken ? ['findings'] : PARTS);
  lightAnew();
  document.dispatchEvent(new CustomEvent('podwire:drawn', { detail: { files, at } }));
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

/** Greys the board and says what broke; or lets it be as it is. */
function hold(broken) {
  drawn.held = Boolean(broken);
  $('.picture').classList.toggle('held', drawn.held);
  const words = broken ? `${placeOf(broken)} cannot be read: ${broken.message}` : '';
  const at = $('#held');
  if (at && at.textContent !== words) at.textContent = words;
}

function placeOf({ at: [file, line] }) {
  const name = drawn.now.files[file];
  return name === '-' ? `Line ${line}` : `${name}:${line}`;
}
