// Names of files: those that the server reads, and no name twice.
import { UNNAMED, desk } from './files.js';

/** What the server reads as a manifest. */
export const MANIFEST = /\.(ya?ml|json)$/i;

/** A name that no other file has and that the server reads. */
export function freeName(wanted, self) {
  const parts = wanted.replaceAll('\\', '/').split('/').map((part) => part.trim());
  let name = parts.filter((part) => part && part !== '.' && part !== '..').join('/') || UNNAMED;
  if (!MANIFEST.test(name)) name += '.yaml';
  return unused(name, desk.files.filter((file) => file !== self).map((file) => file.name || UNNAMED));
}

/** A name like one that is wanted, and not taken. */
export function unused(name, taken) {
  const dot = name.lastIndexOf('.');
  let free = name;
  for (let count = 2; taken.includes(free); count += 1) free = `${name.slice(0, dot)}-${count}${name.slice(dot)}`;
  return free;
}
