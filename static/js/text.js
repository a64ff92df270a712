// The text of the file that is shown. It is written in the form's own field, until code.js puts an editor in its place.
import { $, note, say } from './dom.js';
import { desk, forget, keep, shown } from './files.js';
import { drawn, redraw, redrawSoon } from './redraw.js';

const area = $('#manifest');
const original = area?.defaultValue.replace(/\r\n?/g, '\n');

/** The texts that the findings are about, by the names that the server has for the files. */
let told = new Map();
const serverName = (file) => file.name || '-';
const byServerName = (name) => desk.files.find((file) => serverName(file) === name);

/** The form's field as an editor: what works without anything else. */
const plain = {
  show(file) {
    area.value = shown(file);
    area.readOnly = file.text === undefined;
  },
  reveal(first, last, select) {
    const lines = area.value.split('\n');
    const start = lines.slice(0, first - 1).reduce((sum, line) => sum + line.length + 1, 0);
    if (select) {
      area.focus({ preventScroll: true });
      area.setSelectionRange(start, start + lines.slice(first - 1, last).join('\n').length);
    }
    area.scrollTop = Math.max(0, (first - 4) * parseFloat(getComputedStyle(area).lineHeight));
  },
  unmark() {},
  tell() {},
  edit(file, edits) {
    file.text = edits.reduceRight((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), file.text);
    if (file === desk.file) area.value = file.text;
  },
  focus: () => area.focus(),
};

let surface = plain;

/** Puts an editor in the place of the field, which goes on carrying the text. */
export function replace(editor) {
  surface = editor;
  area.hidden = true;
  surface.show(desk.file);
  tellSurface();
}

/** From how many characters on a text is taken once one pauses: writing it out takes longer than the time between two keys. */
const LONG = 500_000;
/** How long a pause is, in milliseconds; and how long until what was typed is kept. */
const PAUSE = 500;
const KEEP = 400;

/** Takes what was written in the file that is shown: a text, or an editor's document. */
export function written(words) {
  if (words.length >= LONG) {
    // Whoever asks before has it written out.
    const write = () => words.toString();
    const take = (text) => Object.defineProperty(desk.file, 'text', { value: text, writable: true, enumerable: true, configurable: true });
    Object.defineProperty(desk.file, 'text', { get() { const text = write(); take(text); return text; }, set: take, enumerable: true, configurable: true });
    redrawSoon(PAUSE);
    keepSoon(KEEP + 5 * PAUSE);
    return;
  }
  const text = words.toString();
  if (text === desk.file.text || desk.file.text === undefined) return;
  desk.file.text = text;
  redrawSoon();
  area.value = text;
  keepSoon(KEEP);
}

let keeping;
/** Keeps what was typed once there is time for it; leaving the page does not wait for that. */
function keepSoon(wait) {
  clearTimeout(keeping);
  keeping = setTimeout(() => keep(original), wait);
}

/** Shows a file. */
export function show(index) {
  desk.current = index;
  area.value = desk.file.text ?? '';
  surface.show(desk.file);
  tellSurface();
  document.dispatchEvent(new Event('podwire:files'));
}

/** Takes other files in the place of those that are there; whoever did not mean it gets them back. */
export function replaceFiles(files, current = 0) {
  desk.files = files;
  show(current);
  keep(original);
  redraw();
}

/** Shows lines of a file, and marks or selects them; without lines, nothing is marked any more. */
export function reveal(lines) {
  surface.unmark();
  if (!lines) return;
  const file = byServerName(lines.file);
  if (!file) return;
  if (file !== desk.file) show(desk.files.indexOf(file));
  surface.reveal(lines.first, lines.last, lines.select);
}

export const focus = () => surface.focus();

// ---- Findings and fixes ----
/** Where the lines of a text start. */
function starts(text) {
  const all = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) all.push(at + 1);
  return all;
}

/** Turns lines and columns, which count characters, into offsets in UTF-16. */
function ranges(text, places) {
  const lines = starts(text);
  const offset = (line, column) => {
    let at = lines[line - 1] ?? text.length;
    for (let count = 1; count < column && at < text.length && text[at] !== '\n'; count += 1) at += text.codePointAt(at) > 0xffff ? 2 : 1;
    return at;
  };
  return places.map(([, line, column, endLine, endColumn]) => ({ from: offset(line, column), to: offset(endLine, endColumn) }));
}

/** Tells the surface what was found in the file that it shows, if that is still its text. */
function tellSurface() {
  const { file } = desk;
  const name = serverName(file);
  if (file.text === undefined || told.get(name) !== file.text) return;
  const findings = drawn.now.findings.filter(({ at }) => drawn.now.files[at[0]] === name);
  const where = ranges(file.text, findings.map(({ at }) => at));
  surface.tell(findings.map((finding, index) => ({ ...finding, ...where[index] })));
}

function take(files) {
  told = new Map(files.map((file) => [serverName(file), file.text]));
  tellSurface();
  document.dispatchEvent(new Event('podwire:files'));
}

/** Mends a finding: one change that can be undone as one. */
export function mend(key) {
  const fix = drawn.now.findings.find((finding) => finding.key === key)?.fix;
  if (!fix) return;
  const byFile = new Map();
  for (const [at, insert] of fix.edits) {
    const file = byServerName(drawn.now.files[at[0]]);
    if (file?.text === undefined || told.get(serverName(file)) !== file.text) {
      say('The text has changed since; try again once it is drawn');
      return;
    }
    byFile.set(file, [...(byFile.get(file) ?? []), [at, insert]]);
  }
  for (const [file, edits] of byFile) {
    const where = ranges(file.text, edits.map(([at]) => at));
    const changes = edits.map(([, insert], index) => ({ ...where[index], insert }));
    surface.edit(file, changes.sort((a, b) => a.from - b.from));
  }
  if (!byFile.has(desk.file)) show(desk.files.indexOf([...byFile.keys()][0]));
  area.value = desk.file.text;
  keep(original);
  redraw();
  note(`${fix.title}: done.`);
}

if (area) {
  // What the browser itself put back on reload is replaced by what was kept, or by what the page says.
  desk.files = [{ name: '', text: original }];
  area.value = original;
  area.addEventListener('input', () => written(area.value));
  // The page came with the drawing of its own text.
  drawn.files = [{ ...desk.file }];
  take(desk.files);
  document.addEventListener('podwire:drawn', (event) => take(event.detail.files));
  addEventListener('pagehide', () => keep(original));
  document.addEventListener('click', (event) => {
    const fix = event.target.closest?.('button.fix');
    if (fix) mend(fix.dataset.finding);
  });
  $('label[for=manifest]').addEventListener('click', (event) => {
    if (!area.hidden) return;
    event.preventDefault();
    surface.focus();
  });
}

/** Whether what is edited is what the page came with. */
export const isOriginal = () => desk.files.length === 1 && !desk.files[0].name && desk.files[0].text === original;

/** Puts what the page came with in the place of what is there; answers with what takes that back. */
export function putBack() {
  const before = [desk.files, desk.current];
  replaceFiles([{ name: '', text: original }]);
  return () => replaceFiles(...before);
}

/** Goes back to what the page came with. */
export function startOver() {
  desk.files = [{ name: '', text: original }];
  forget();
  location.href = location.pathname;
}
