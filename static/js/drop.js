// Files that are chosen or dropped on the page.
import { $, note } from './dom.js';
import { read, walk } from './files.js';
import * as undo from './undo.js';

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
  const plain = [...event.dataTransfer.files];
  const text = event.dataTransfer.getData('text');
  const entries = [];
  for (const root of roots) root instanceof File ? entries.push([root.name, root]) : await walk(root, entries);
  if (!entries.length) entries.push(...plain.map((file) => [file.name, file]));
  if (entries.length) take(entries);
  else if (text) undo.take([{ name: '', text: text.replace(/\r\n?/g, '\n') }], 'The text is drawn');
});
