// The text of the file that is shown. It is written in the form's own field, until code.js puts an editor in its place.
import { $, note, textChanged } from './dom.js';
import { desk, keep, shown } from './files.js';
import { drawn, redraw, redrawSoon } from './redraw.js';

const area = $('#manifest');
const original = area?.defaultValue.replace(/\r\n?/g, '\n');

/** The texts that the findings are about, by the names that the server has for the files. */
let told = new Map();
const serverName = (file) => file.name || '-';
/** The file that the server has by a name. */
export const byServerName = (name) => desk.files.find((file) => serverName(file) === name);

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

/** Gives a file a text that is written out when it is first asked for. */
function textLater(file, words) {
  const be = (field) => Object.defineProperty(file, 'text', { ...field, enumerable: true, configurable: true });
  const take = (value) => { be({ value, writable: true }); return value; };
  be({ get: () => take(words.toString()), set: take });
}

/** Takes what was written in the file that is shown: a text, or an editor's document. */
export function written(words) {
  if (words.length >= LONG) {
    textLater(desk.file, words);
    textChanged();
    redrawSoon(PAUSE);
    keepSoon(KEEP + 5 * PAUSE);
    return;
  }
  const text = words.toString();
  if (text === desk.file.text || desk.file.text === undefined) return;
  desk.file.text = text;
  textChanged();
  redrawSoon();
  area.value = text;
  keepSoon(KEEP);
}

let keeping;
/** Keeps what was typed once there is time for it; leaving the page does not wait for that. */
function keepSoon(wait) {
  clearTimeout(keeping);
  keeping = setTimeout(() => {
    const before = unkept;
    unkept = keep(original);
    if (unkept && !before) note(`${unkept}.`);
  }, wait);
}

/** Why what is there would be gone after a reload; empty where it would not be. */
export let unkept = '';

/** Shows a file. */
export function show(index) {
  desk.current = index;
  area.value = desk.file.text ?? '';
  surface.show(desk.file);
  tellSurface();
  document.dispatchEvent(new Event('podwire:files'));
}

/** Takes other files in the place of those that are there. */
export function replaceFiles(files, current = 0) {
  desk.files = files;
  textChanged();
  show(current);
  unkept = keep(original);
  redraw();
}

/** What the page came with, as a file. */
export const example = () => ({ name: '', text: original });

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

/** Whether the findings are about a file as it is now. */
export const isTold = (file) => file?.text !== undefined && told.get(serverName(file)) === file.text;

/** Turns lines and columns, which count characters, into offsets in UTF-16. */
export function ranges(text, places) {
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
  if (!isTold(file)) return;
  const findings = drawn.now.findings.filter(({ at }) => drawn.now.files[at[0]] === name);
  const where = ranges(file.text, findings.map(({ at }) => at));
  surface.tell(findings.map((finding, index) => ({ ...finding, ...where[index] })));
}

function take(files) {
  told = new Map(files.map((file) => [serverName(file), file.text]));
  tellSurface();
  document.dispatchEvent(new Event('podwire:files'));
}

/** Changes texts at several places. */
export function change(changes) {
  for (const [file, edits] of changes) surface.edit(file, edits);
  if (!changes.some(([file]) => file === desk.file)) show(desk.files.indexOf(changes[0][0]));
  area.value = desk.file.text;
  unkept = keep(original);
  redraw();
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
  $('label[for=manifest]').addEventListener('click', (event) => {
    if (!area.hidden) return;
    event.preventDefault();
    surface.focus();
  });
}

/** Whether what is edited is what the page came with. */
export const isOriginal = () => desk.files.length === 1 && !desk.files[0].name && desk.files[0].text === original;
