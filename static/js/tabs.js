// Files as tabs: choosing, adding, renaming and closing them, with what was found in each.
import { $, note } from './dom.js';
import { UNNAMED, desk } from './files.js';
import { freeName } from './names.js';
import { drawn, redraw } from './redraw.js';
import { focus, replaceFiles, show } from './text.js';

const strip = $('#tabs');
const field = $('#tab-name');
const SEVERITIES = [['error', 'errors'], ['warning', 'warnings'], ['hint', 'hints']];

/** How many findings of each severity a file has. */
function counts(file) {
  const of = drawn.now.findings.filter(({ at }) => drawn.now.files[at[0]] === (file.name || '-'));
  return SEVERITIES.map(([one, many]) => {
    const count = of.filter((finding) => finding.severity === one).length;
    return { severity: one, count, words: ` ${count === 1 ? one : many}` };
  }).filter(({ count }) => count);
}

const span = (className, textContent) => Object.assign(document.createElement('span'), { className, textContent });

function tab(file, index) {
  const chosen = index === desk.current;
  const name = file.name || UNNAMED;
  const found = counts(file);
  const button = document.createElement('button');
  Object.assign(button, { type: 'button', role: 'tab', id: `tab-${index}`, className: 'tab', tabIndex: chosen ? 0 : -1, title: name });
  button.setAttribute('aria-selected', String(chosen));
  button.setAttribute('aria-controls', 'pane');
  button.append(span('tab-words', name.slice(name.lastIndexOf('/') + 1)));
  // The worst is counted; the rest is told to those who do not see it.
  found.forEach(({ severity, count, words }, index) => {
    const each = span(index ? 'unseen' : `tab-count ${severity}`, ` ${count}`);
    each.append(span('unseen', words));
    button.append(each);
  });
  return button;
}

/** Brings the strip in line with the files; what has the focus keeps it. */
function draw() {
  const focused = strip.contains(document.activeElement);
  const fresh = desk.files.map(tab);
  const same = (each, index) => strip.children[index]?.isEqualNode(each);
  if (fresh.length !== strip.children.length || !fresh.every(same)) strip.replaceChildren(...fresh);
  $('#tab-close').hidden = desk.files.length < 2;
  $('#pane').setAttribute('aria-labelledby', `tab-${desk.current}`);
  const chosen = strip.children[desk.current];
  if (focused) chosen.focus();
  // Only the strip scrolls, never the page.
  if (chosen.offsetLeft < strip.scrollLeft) strip.scrollLeft = chosen.offsetLeft;
  else strip.scrollLeft = Math.max(strip.scrollLeft, chosen.offsetLeft + chosen.offsetWidth - strip.clientWidth);
}

function choose(index) {
  show((index + desk.files.length) % desk.files.length);
  strip.children[desk.current].focus();
}

function add() {
  const files = [...desk.files];
  if (!files[0].name) files[0].name = freeName(UNNAMED, files[0]);
  replaceFiles([...files, { name: freeName(UNNAMED), text: '' }], files.length);
  focus();
}

function close() {
  if (desk.files.length < 2) return;
  const { file, current } = desk;
  replaceFiles(desk.files.filter((each) => each !== file), Math.max(0, current - 1));
  strip.children[desk.current].focus();
  const reopen = () => {
    // Another may have its name by now.
    file.name = freeName(file.name, file);
    replaceFiles(desk.files.toSpliced(current, 0, file), Math.min(current, desk.files.length));
    note(`${file.name} is back.`);
  };
  note(`${file.name} is closed.`, { Undo: reopen });
}

function startRenaming() {
  strip.hidden = true;
  field.hidden = false;
  field.value = desk.file.name || UNNAMED;
  field.focus();
  field.setSelectionRange(field.value.lastIndexOf('/') + 1, Math.max(field.value.lastIndexOf('.'), 0) || field.value.length);
}

function rename(keepIt) {
  if (field.hidden) return;
  field.hidden = true;
  strip.hidden = false;
  const { file } = desk;
  if (keepIt && field.value.trim() && field.value !== (file.name || UNNAMED)) {
    file.name = file.text === undefined ? file.name : freeName(field.value, file);
    redraw();
  }
  draw();
}

strip.addEventListener('click', (event) => {
  const at = [...strip.children].indexOf(event.target.closest('[role=tab]'));
  if (at >= 0) choose(at);
});
strip.addEventListener('dblclick', startRenaming);
strip.addEventListener('auxclick', (event) => {
  const at = [...strip.children].indexOf(event.target.closest('[role=tab]'));
  if (event.button !== 1 || at < 0) return;
  show(at);
  close();
});
strip.addEventListener('keydown', (event) => {
  const act = {
    ArrowLeft: () => choose(desk.current - 1),
    ArrowRight: () => choose(desk.current + 1),
    Home: () => choose(0),
    End: () => choose(desk.files.length - 1),
    Delete: close,
    F2: startRenaming,
  }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
$('#tab-add').addEventListener('click', add);
$('#tab-rename').addEventListener('click', startRenaming);
$('#tab-close').addEventListener('click', close);
field.addEventListener('blur', () => rename(true));
field.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' && event.key !== 'Escape') return;
  event.preventDefault();
  event.stopPropagation();
  rename(event.key === 'Enter');
  strip.children[desk.current].focus();
});
document.addEventListener('podwire:files', draw);
draw();
$('#pane').setAttribute('role', 'tabpanel');
$('#files-bar').hidden = false;
