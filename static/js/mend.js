// Mending what was found: one change, which can be undone as one.
import { note, say } from './dom.js';
import { drawn, placeOf } from './redraw.js';
import { byServerName, change, isTold, ranges } from './text.js';

/** Applies the fix of a finding, and says where. */
export function mend(key) {
  const fix = drawn.now.findings.find((finding) => finding.key === key)?.fix;
  if (!fix) return;
  const byFile = new Map();
  for (const [at, insert] of fix.edits) {
    const file = byServerName(drawn.now.files[at[0]]);
    if (!isTold(file)) {
      say('The text has changed since; try again once it is drawn');
      return;
    }
    byFile.set(file, [...(byFile.get(file) ?? []), [at, insert]]);
  }
  const changes = [...byFile].map(([file, edits]) => {
    const where = ranges(file.text, edits.map(([at]) => at));
    return [file, edits.map(([, insert], index) => ({ ...where[index], insert })).sort((a, b) => a.from - b.from)];
  });
  const back = changes.map(undoing);
  change(changes);
  const undo = () => {
    change(back);
    note('The fix is undone.', {}, true);
  };
  note(`Fix applied. ${placeOf({ at: fix.edits[0][0] })}: ${fix.title}.`, { Undo: undo }, true);
}

/** What takes changes of a text back. */
function undoing([file, edits]) {
  let shift = 0;
  return [file, edits.map(({ from, to, insert }) => {
    const undone = { from: from + shift, to: from + shift + insert.length, insert: file.text.slice(from, to) };
    shift += insert.length - (to - from);
    return undone;
  })];
}

document.addEventListener('click', (event) => {
  const fix = event.target.closest?.('button.fix');
  if (fix) mend(fix.dataset.finding);
});
