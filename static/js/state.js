// What stands over the board in words while it is not what the text says: why, and what can be done; and how far long work is.
import { $, say } from './dom.js';

/** How long work may take before it is told of, in milliseconds. */
const PATIENCE = 500;

const words = $('#held');
const retry = $('#held-retry');
const work = $('#work');
let again = null;
let timer = 0;
let begun = 0;
let far = null;

/** Says why the board is the last one that could be drawn, which is greyed; without words, that it is the text's again. */
export function hold(why, act = null) {
  $('.picture').classList.toggle('held', why !== '');
  tell(why, act);
}

/** Says what could not be done, over a board that is as it should be. */
export function tell(why, act = null) {
  again = act;
  retry.hidden = !act;
  if (words.textContent !== why) words.textContent = why;
}

/** What to do again, where something could not be done. */
const retryNow = () => { if (again) again(); };

/** Why there was no answer. */
export const noAnswer = () => (navigator.onLine
  ? 'The server does not answer. This is the last board that was drawn.'
  : 'You are offline. This is the last board that was drawn; it is drawn anew once you are back.');

const size = (bytes) => (bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`);

function showWork() {
  const bar = $('progress', work);
  const seconds = Math.round((performance.now() - begun) / 1000);
  if (far && far.sent < far.all) {
    $('#work-words').textContent = `Sending ${size(far.sent)} of ${size(far.all)}`;
    bar.max = far.all;
    bar.value = far.sent;
  } else {
    $('#work-words').textContent = `Reading and wiring${seconds > 1 ? `, ${seconds} s` : ''}`;
    bar.removeAttribute('value');
  }
  if (work.hidden) {
    work.hidden = false;
    say('Reading what was sent');
  }
  timer = setTimeout(showWork, 250);
}

/** Begins to tell of work, should it be long. */
export function working() {
  clearTimeout(timer);
  begun = performance.now();
  far = null;
  timer = setTimeout(showWork, PATIENCE);
}

/** How much was sent so far. */
export const sent = (bytes, all) => { far = { sent: bytes, all }; };

/** Ends it. */
export function worked() {
  clearTimeout(timer);
  work.hidden = true;
}

retry?.addEventListener('click', retryNow);
addEventListener('online', retryNow);
