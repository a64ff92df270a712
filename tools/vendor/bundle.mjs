// Bundles codemirror.mjs into the folder given, with the licences of all that went into it. Run by tools/vendor/run.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const out = process.argv[2];
const { metafile } = await build({
  entryPoints: ['codemirror.mjs'],
  outfile: join(out, 'codemirror.min.js'),
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});

const packages = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  if (name) packages.add(name);
}

// Packages that share a licence are named above it together.
const licences = new Map();
for (const name of [...packages].sort()) {
  const folder = join('node_modules', name);
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
  if (!file) throw new Error(`${name} says nowhere how it is licensed`);
  const text = (await readFile(join(folder, file), 'utf8')).trim();
  licences.set(text, [...(licences.get(text) ?? []), `${name} ${version}`]);
}
const parts = [...licences].map(([text, names]) => `${names.join('\n')}\n\n${text}\n`);
await writeFile(join(out, 'LICENSE-codemirror'), parts.join(`\n${'-'.repeat(80)}\n\n`));
