// The files that are edited: what is in each, which one is shown, and keeping them through reload and Back.

const MANIFEST = /\.(ya?ml|json)$/i;
const ARCHIVE = /\.(zip|tar|tgz|gz)$/i;

/**
 * A text, or an archive that the server unpacks. A text without a name is the only one there is.
 * @typedef {{name: string, text?: string, blob?: Blob}} Manifest
 */
export const desk = {
  /** @type {Manifest[]} */
  files: [],
  current: 0,
  /** The file that is shown. */
  get file() { return this.files[this.current]; },
};

/** What a text without a name is called among others. */
export const UNNAMED = 'manifests.yaml';

/** Lines end in one way, whatever the file had: the editor's lines and the server's are then the same. */
const plain = (text) => text.replace(/\r\n?/g, '\n');

/** What the editor shows of a file. */
export const shown = (file) => file.text ?? `# ${file.name} is an archive: the server reads the manifests in it.`;

/** A name that no other file has and that the server reads. */
export function freeName(wanted, self) {
  const parts = wanted.replaceAll('\\', '/').split('/').map((part) => part.trim());
  let name = parts.filter((part) => part && part !== '.' && part !== '..').join('/') || UNNAMED;
  if (!MANIFEST.test(name)) name += '.yaml';
  const taken = new Set(desk.files.filter((file) => file !== self).map((file) => file.name || UNNAMED));
  const dot = name.lastIndexOf('.');
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
  return free;
}

/** What is sent: one nameless text, or every file under its name. */
export function payload(files, data = new FormData()) {
  for (const name of ['text', 'files', 'folder']) data.delete(name);
  for (const file of files) {
    if (!file.name) data.append('text', file.text);
    else data.append('files', file.blob ?? new Blob([file.text], { type: 'application/yaml' }), file.name);
  }
  return data;
}

/** Reads files that were chosen or dropped, each with the name it has in its folder. */
export async function read(entries) {
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
export async function walk(entry, into) {
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

// ---- Unsaved text survives reload and Back, in this tab only. ----
const place = () => `podwire:text:${location.pathname}`;

/** Keeps what is there, unless it is what the page came with. */
export function keep(original) {
  const { files, current } = desk;
  const untouched = files.length === 1 && !files[0].name && files[0].text === original;
  try {
    if (untouched || files.some((file) => file.text === undefined)) sessionStorage.removeItem(place());
    else sessionStorage.setItem(place(), JSON.stringify({ files: files.map(({ name, text }) => ({ name, text })), current }));
  } catch { /* a full or forbidden storage keeps nothing */ }
}

/** Forgets what was kept. */
export function forget() {
  try { sessionStorage.removeItem(place()); } catch { /* nothing was kept */ }
}

/** Puts back what was kept; answers whether anything was. */
export function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place()) ?? 'null');
    if (!Array.isArray(kept?.files) || !kept.files.every((file) => typeof file?.name === 'string' && typeof file.text === 'string')) return false;
    if (!kept.files.length) return false;
    desk.files = kept.files;
    desk.current = kept.files[kept.current] ? kept.current : 0;
    return true;
  } catch {
    return false;
  }
}
