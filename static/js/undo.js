// Other texts in the place of those that are there, so that nobody loses any: each exchange can be taken back, and that
// as well, whatever was written in between.
import { $, note } from './dom.js';
import { UNNAMED, desk } from './files.js';
import { unused } from './names.js';
import { example, isOriginal, replaceFiles, unkept } from './text.js';
import { here, lookAt, seen } from './view.js';

const there = () => ({ files: desk.files, current: desk.current, address: here() });

/** Puts other texts, and what of them is looked at, in the place of those that are there; answers with those. */
function exchange({ files, current = 0, address = '' }) {
  const before = there();
  lookAt(address);
  $('#at').value = seen('trace') ? '' : seen('at');
  $('#trace').value = seen('trace');
  replaceFiles(files, current);
  return before;
}

/** Says what became of the texts, and offers those back that were there. */
function offer(words, before, acts = {}) {
  const undo = () => {
    const after = exchange(before);
    note('What was here before is back.', { Redo: () => offer(words, exchange(after), acts) });
  };
  note(`${words}${unkept && ` ${unkept}.`}`, { ...acts, Undo: undo });
}

/** Those of before that no file that came has the name of, and what came. */
function together(before, came) {
  const taken = came.map((file) => file.name || UNNAMED);
  const left = before.filter(({ name }) => !name || !taken.includes(name));
  return [...left, ...came].map((file) => (file.name ? file : { ...file, name: unused(UNNAMED, taken) }));
}

/** Takes texts in the place of those that are there. */
export function take(files, words) {
  const isMine = !isOriginal() && desk.files.some(({ text }) => text !== '');
  const before = exchange({ files });
  if (!isMine) { offer(`${words}.`, before); return; }
  const both = () => {
    const all = together(before.files, desk.files);
    offer('Both are here.', exchange({ files: all, current: all.length - desk.files.length }));
  };
  offer(`${words}, in the place of what was here.`, before, { 'Keep both': both });
}

/** Goes back to what the page came with. */
export const startOver = () => offer('This is the example again.', exchange({ files: [example()] }));

/** Makes room for what the page came with, for now: a reload brings back what was there, as `bringBack` does. */
export function putAside() {
  if (isOriginal() && !here()) return;
  const files = isOriginal() ? desk.files : [example()];
  desk.aside = there();
  exchange({ files });
}

/** Brings back what was put aside; answers whether it did. */
export function bringBack() {
  const { aside } = desk;
  desk.aside = null;
  if (aside) exchange(aside);
  return Boolean(aside);
}
