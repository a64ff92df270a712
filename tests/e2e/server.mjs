// Starts the binary on a free port with a store of its own, and stops it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary =
  process.env.PODWIRE_BIN || join(process.env.CARGO_TARGET_DIR || join(root, 'target'), 'debug', 'podwire');

/** Resolves once the server has said where it is: `{ url, log(), stop() }`. */
export async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'podwire-e2e-'));
  // The settings of whoever runs the tests must not reach the server under test.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PODWIRE_')));
  // A test may see a diagram expire.
  const args = ['serve', '--listen', '127.0.0.1:0', '--store', `sqlite:${join(folder, 'podwire.db')}`, '--expires-min', '1s'];
  const child = spawn(binary, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let text = '';

  const stop = async () => {
    child.kill('SIGTERM');
    const patience = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(patience);
    await rm(folder, { recursive: true, force: true });
  };

  const said = new Promise((resolve, reject) => {
    const listen = (chunk) => {
      text += chunk;
      const address = /podwire is at (http:\/\/\S+)/.exec(text);
      if (address) resolve(address[1]);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`podwire ended with ${code} before it listened:\n${text}`)));
  });
  try {
    return { url: (await said).replace(/\/$/, ''), log: () => text, stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
