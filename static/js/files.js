// The files that are edited: what is in each, which one is shown, and keeping them through reload and Back.

/**
 * A text, or an archive that the server unpacks. A text without a name is the only one there is.
 * @typedef {{name: string, text?: string, blob?: Blob}} Manifest
 */
export const desk = {
  /** @type {Manifest[]} */
  files: [],
  current: 0,
  /** What makes room for an example for now, with the address that it has; null where nothing does. */
  aside: null,
  /** The file that is shown. */
  get file() { return this.files[this.current]; },
};

/** What a text without a name is called among others. */
export const UNNAMED = 'manifests.yaml';

/** What the editor shows of a file. */
export const shown = (file) => file.text ?? `# ${file.name} is an archive: the server reads the manifests in it.`;

/** What is sent: one nameless text, or every file under its name. */
export function payload(files, data = new FormData()) {
  for (const name of ['text', 'files', 'folder']) data.delete(name);
  for (const file of files) {
    if (!file.name) data.append('text', file.text);
    else data.append('files', file.blob ?? new Blob([file.text], { type: 'application/yaml' }), file.name);
  }
  return data;
}

// ---- Unsaved text survives reload and Back, in this tab only. ----
const place = () => `podwire:text:${location.pathname}`;

function put(kept) {
  try {
    if (kept) sessionStorage.setItem(place(), JSON.stringify(kept));
    else sessionStorage.removeItem(place());
    return true;
  } catch {
    return false;
  }
}

/** Keeps what is there, unless it is what the page came with; answers why something cannot be kept, and keeps that with the rest. */
export function keep(original) {
  const { files, current, address } = desk.aside ?? desk;
  const untouched = files.length === 1 && !files[0].name && files[0].text === original;
  if (untouched) { put(null); return ''; }
  const texts = files.filter((file) => file.text !== undefined);
  let why = texts.length < files.length ? 'An archive is not kept over a reload' : '';
  if (put({ files: texts, current: texts.indexOf(files[current]), address, why })) return why;
  why = 'This is too large to be kept over a reload';
  // What was kept before is not what was here last.
  put(null);
  return put({ why }) ? why : 'This browser keeps nothing over a reload';
}

/** Puts back what was kept: answers with its address, and why something is not there; without an address, nothing is. */
export function restore() {
  try {
    const { files, current, address = location.search, why } = JSON.parse(sessionStorage.getItem(place()) ?? '{}');
    if (!Array.isArray(files) || !files.length || !files.every((file) => typeof file?.name === 'string' && typeof file.text === 'string')) return { why };
    desk.files = files;
    desk.current = files[current] ? current : 0;
    return { address: String(address), why };
  } catch {
    return {};
  }
}
