// Puts a server under mixed load, hostile uploads among it, and says what came of it: node benches/load.mjs [--minutes 10]
//
// Starts target/release/podwire (or PODWIRE_BIN) on loopback with an SQLite file of its own; every connection is another
// client by X-Forwarded-For, which the server is told to trust. Rates are off; how much of one client is worked on at
// once is not. Needs Linux, for the server's memory, and nothing but Node.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const option = (name, otherwise) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1 || Infinity] ?? otherwise);
const MINUTES = option('minutes', 10);
const SECONDS = option('seconds', 60);
const CONNECTIONS = 64;

const example = await readFile(join(root, 'static/examples/broken.yaml'), 'utf8');
const shop = Array.from({ length: 50 }, (_, at) => `---
apiVersion: v1
kind: Service
metadata: {name: web-${at}, namespace: shop}
spec: {type: NodePort, selector: {app: web-${at}}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-${at}, namespace: shop}
spec: {replicas: 3, selector: {matchLabels: {app: web-${at}}}, template: {metadata: {labels: {app: web-${at}}}, spec: {containers: [{name: web, ports: [{name: http, containerPort: 8080}]}]}}}
`).join('');
const pairs = (count) => Array.from({ length: count }, (_, at) => `---
apiVersion: v1
kind: Service
metadata: {name: s${at}}
spec: {selector: {a: b}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: p${at}, labels: {a: b}}
spec: {containers: [{name: c}]}
`).join('');
const laughs = `a0: &a0 [x, x]\n${Array.from({ length: 60 }, (_, at) => `a${at + 1}: &a${at + 1} [*a${at}, *a${at}]\n`).join('')}`;

/** Uploads that cost as much as somebody could make them cost, or that are none. */
const HOSTILE = [
  ['application/gzip', gzipSync(Buffer.alloc(16 << 20, '0'))],
  ['application/yaml', laughs],
  ['application/yaml', `a: ${'['.repeat(100_000)}`],
  ['application/yaml', `a: ${'{a: '.repeat(400)}1${'}'.repeat(400)}`],
  ['application/yaml', pairs(600)],
  ['application/yaml', pairs(1_200)],
  ['application/yaml', `apiVersion: v1\nkind: List\nitems: [${'{ä: 1},'.repeat(90_000)}]\n`],
  ['application/yaml', `apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {selector: {a: ${'x'.repeat(400_000)}}, ports: [{port: 80}]}\n`],
  ['application/json', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['multipart/form-data; boundary=edge', `--edge\r\n${'x'.repeat(1_000_000)}`],
  ['application/zip', 'PK\u0003\u0004 and no more'],
  ['text/plain', '- '.repeat(500_000)],
].map(([type, body]) => ({ sort: 'hostile', method: 'POST', path: '/api/v1/analyze', type, body: Buffer.from(body) }));

async function start() {
  const folder = await mkdtemp(join(tmpdir(), 'podwire-load-'));
  const binary = process.env.PODWIRE_BIN || join(root, 'target/release/podwire');
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PODWIRE_')));
  const settings = ['--listen', '127.0.0.1:0', '--store', `sqlite:${join(folder, 'podwire.db')}`, '--log', 'error', '--rate', '0', '--trusted-proxy', '127.0.0.1'];
  const child = spawn(binary, ['serve', ...settings], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise((said, failed) => {
    child.stdout.on('data', (chunk) => { const found = /http:\/\/\S+/.exec(chunk); if (found) said(new URL(found[0])); });
    child.once('close', (code) => failed(new Error(`podwire ended with ${code}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    await new Promise((ended) => { if (child.exitCode === null) child.once('close', ended); else ended(); });
    await rm(folder, { recursive: true, force: true });
  };
  const memory = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
  return { url, stop, memory };
}

const server = await start();
const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
// Whoever is hostile has connections of their own: what waits for one of these waits here, not at the server.
const theirs = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });

/** Asks, and reads the answer to its end: its status, whether it says when to come back, and its text where it is wanted. */
function ask({ sort, method = 'GET', path, type, body }, client, wanted = false) {
  return new Promise((done) => {
    const headers = { 'x-forwarded-for': `198.51.${client >> 8}.${client & 255}`, ...(type && { 'content-type': type }), ...(body && { 'content-length': body.length }) };
    const request = http.request({ host: server.url.hostname, port: server.url.port, method, path, headers, agent: sort === 'hostile' ? theirs : agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => { if (wanted) chunks.push(chunk); });
      answer.on('end', () => done({ status: answer.statusCode, later: answer.headers['retry-after'], text: Buffer.concat(chunks).toString() }));
      answer.on('error', () => done({ status: 0 }));
    });
    request.on('error', () => done({ status: 0 }));
    request.end(body);
  });
}

const post = (sort, path, text) => ({ sort, method: 'POST', path, type: 'application/yaml', body: Buffer.from(text) });
const shared = JSON.parse((await ask(post('', '/api/v1/diagrams', shop), 1, true)).text);
const READS = ['/', '/privacy', '/static/podwire.css', `/d/${shared.id}`, `/d/${shared.id}.svg`, `/d/${shared.id}.json`, `/api/v1/diagrams/${shared.id}`, `/d/${shared.id}/badge.svg`].map((path) => ({ sort: 'read', path }));

let turn = 0;
const next = (list) => list[turn % list.length];
/** 80 % reads, 15 % analyses, 5 % shares; of the whole, one in 25 is hostile where that is wanted. */
function choose(hostile) {
  turn += 1;
  if (hostile && turn % 25 === 0) return HOSTILE[(turn / 25) % HOSTILE.length];
  if (turn % 20 === 7) return post('share', '/api/v1/diagrams?expires=1h', `${example}# ${turn}\n`);
  if (turn % 20 === 3 || turn % 20 === 9) return post('analysis', '/api/v1/analyze', example);
  if (turn % 20 === 13) return post('analysis', '/api/v1/analyze', shop);
  return next(READS);
}

class Tally {
  times = {};
  statuses = {};
  wrong = [];
  note({ sort, path }, { status, later }, time) {
    (this.times[sort] ??= []).push(time);
    const counted = `${sort} ${status}`;
    this.statuses[counted] = (this.statuses[counted] ?? 0) + 1;
    if (status === 0 || (status >= 500 && !(status === 503 && later))) this.wrong.push(`${status} ${path}`);
  }
  p(sort, part) {
    const times = (this.times[sort] ?? []).toSorted((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
  }
  get count() { return Object.values(this.times).reduce((sum, times) => sum + times.length, 0); }
}

/** As many requests as are answered, on all connections. */
async function closed(seconds, hostile, every = () => {}) {
  const tally = new Tally();
  const end = performance.now() + seconds * 1000;
  const minutes = setInterval(every, 10_000);
  await Promise.all(Array.from({ length: CONNECTIONS }, async (_, client) => {
    while (performance.now() < end) {
      const request = choose(hostile);
      const start = performance.now();
      // Whoever is hostile is somebody else.
      tally.note(request, await ask(request, request.sort === 'hostile' ? 60_000 + (turn % 4) : client), performance.now() - start);
    }
  }));
  clearInterval(minutes);
  return tally;
}

/** So many requests a second, however long the answers take; time counts from when a request was due. */
async function open(rate, seconds, hostile) {
  const tally = new Tally();
  const start = performance.now();
  const asked = [];
  for (let sent = 0; sent < rate * seconds;) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent += 1) {
      const at = start + (sent / rate) * 1000;
      const request = choose(hostile);
      asked.push(ask(request, request.sort === 'hostile' ? 60_000 + (turn % 4) : sent % 4000).then((answer) => tally.note(request, answer, performance.now() - at)));
    }
    await new Promise((soon) => { setTimeout(soon, 2); });
  }
  await Promise.all(asked);
  return tally;
}

const ms = (number) => `${number.toFixed(1)} ms`;
const mib = (number) => `${number.toFixed(0)} MiB`;
try {
  const capacity = (await closed(SECONDS / 2, false)).count / (SECONDS / 2);
  console.log(`capacity without hostile uploads: ${capacity.toFixed(0)} requests a second`);
  const calm = await open(capacity / 2, SECONDS, false);
  const rough = await open(capacity / 2, SECONDS, true);
  for (const [name, tally] of [['without', calm], ['with', rough]]) {
    console.log(`half of it, open loop, ${name} hostile uploads: reads p50 ${ms(tally.p('read', 0.5))}, p99 ${ms(tally.p('read', 0.99))}; ${JSON.stringify(tally.statuses)}`);
  }
  const ratio = rough.p('read', 0.99) / calm.p('read', 0.99);
  console.log(`p99 of reads with hostile uploads is ${ratio.toFixed(2)} times that without`);

  const memory = [];
  const started = performance.now();
  const long = await closed(MINUTES * 60, true, async () => memory.push([(performance.now() - started) / 60_000, await server.memory()]));
  const settled = memory.filter(([minute]) => minute >= 1).map(([, size]) => size);
  const [first, last] = [settled.slice(0, 6), settled.slice(-6)].map((sizes) => sizes.reduce((sum, size) => sum + size, 0) / sizes.length);
  console.log(`${MINUTES} minutes at ${CONNECTIONS} connections: ${long.count} requests, reads p99 ${ms(long.p('read', 0.99))}; ${JSON.stringify(long.statuses)}`);
  console.log(`memory: ${mib(first)} in the second minute, ${mib(last)} in the last, ${mib(Math.max(...settled))} at most`);
  const wrong = [...calm.wrong, ...rough.wrong, ...long.wrong];
  if (wrong.length) console.log(`wrong: ${wrong.length}, such as ${[...new Set(wrong)].slice(0, 5).join(', ')}`);
  process.exitCode = wrong.length || ratio > 3 || last > first * 1.1 ? 1 : 0;
} finally {
  agent.destroy();
  theirs.destroy();
  await server.stop();
}
