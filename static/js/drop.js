// Files that are chosen or dropped on the page.
import { $, note } from './dom.js';
import { MANIFEST } from './names.js';
import * as undo from './undo.js';

const ARCHIVE = /\.(zip|tar|tgz|gz)$/i;

/** Lines end in one way, whatever the file had: the editor's lines and the server's are then the same. */
const plain = (text) => text.replace(/\r\n?/g, '\n');

/** Reads files that were chosen or dropped, each with the name it has in its folder. */
async function read(entries) {
  const files = [];
  let left = 0;
  for (const [name, file] of entries) {
    if (MANIFEST.test(name) || (entries.length === 1 && !ARCHIVE.test(name))) files.push({ name, text: plain(await file.text()) });
    else if (ARCHIVE.test(name)) files.push({ name, blob: file });
    else left += 1;
  }
  return { files: files.sort((a, b) => (a.name < b.name ? -1 : 1)), left };
}

/** Everything below a dropped folder. */
async function walk(entry, into) {
  if (entry.isFile) {
    into.push([entry.fullPath.replace(/^\//, ''), await new Promise((done, fail) => entry.file(done, fail))]);
  } else if (entry.isDirectory && !/(^|\/)(\.git|node_modules)$/.test(entry.fullPath)) {
    const reader = entry.createReader();
    for (;;) {
      const entries = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!entries.length) break;
      for (const each of entries) await walk(each, into);
    }
  }
}

/** Takes other files in the place of those that are there. */
async function take(entries) {
  const { files, left } = await read(entries);
  if (!files.length) {
    note(`None of the ${entries.length} files is .yaml, .yml, .json or an archive of them.`);
    return;
  }
  undo.take(files, `${files.length} ${files.length === 1 ? 'file' : 'files'} read${left ? `, ${left} others left out` : ''}`);
}

for (const field of [$('#files'), $('#folder')]) {
  const chosen = () => {
    const entries = [...field.files].map((file) => [file.webkitRelativePath || file.name, file]);
    field.value = '';
    if (entries.length) take(entries);
  };
  field.addEventListener('change', chosen);
  chosen(); // On a slow line somebody may choose before this is there.
}

const zone = $('#main');
let depth = 0;
const over = (change) => { depth = Math.max(0, depth + change); zone.classList.toggle('over', depth > 0); };
// Text that is dragged within the editor is the editor's own matter.
const ofEditor = (event) => event.target.closest?.('.writing') && ![...event.dataTransfer.types].includes('Files');
zone.addEventListener('dragenter', (event) => { if (ofEditor(event)) return; event.preventDefault(); over(1); });
zone.addEventListener('dragleave', () => over(-1));
zone.addEventListener('dragover', (event) => { if (!ofEditor(event)) event.preventDefault(); });
zone.addEventListener('drop', async (event) => {
  over(-depth);
  if (ofEditor(event)) return;
  event.preventDefault();
  const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
  const roots = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
  const given = [...event.dataTransfer.files];
  const text = event.dataTransfer.getData('text');
  const entries = [];
  for (const root of roots) root instanceof File ? entries.push([root.name, root]) : await walk(root, entries);
  if (!entries.length) entries.push(...given.map((file) => [file.name, file]));
  if (entries.length) take(entries);
  else if (text) undo.take([{ name: '', text: plain(text) }], 'The text is drawn');
});
