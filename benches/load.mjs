// Puts a server under mixed load, hostile uploads among it, and says what came of it: node benches/load.mjs [--minutes 10]
//
// Starts target/release/podwire (or PODWIRE_BIN) on loopback with an SQLite file of its own; every connection is another
// client by X-Forwarded-For, which the server is told to trust. Rates are off; how much of one client is worked on at
// once is not. What is hostile is sent by a process of its own at a low priority, since whoever sends it would have a
// machine of their own. Needs Linux, for the server's memory, and nothing but Node.
import { fork, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const option = (name, otherwise) => Number(process.argv[process.argv.indexOf(`--${name}`) + 1 || Infinity] ?? otherwise);
const MINUTES = option('minutes', 10);
if (MINUTES < 2) throw new Error('--minutes: 2 or more, as the first is left out of what memory is compared with');
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
  ['application/yaml', `apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [${'{},'.repeat(30_000)}]}\n`],
  ['application/yaml', `apiVersion: v1\nkind: List\nx: [${'1,'.repeat(1_000_000)}]\n`],
  ['application/json', `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`],
  ['multipart/form-data; boundary=edge', `--edge\r\n${'x'.repeat(1_000_000)}`],
  ['application/zip', 'PK\u0003\u0004 and no more'],
  ['text/plain', '- '.repeat(500_000)],
  ['application/x-www-form-urlencoded', `text=${'%41'.repeat(500_000)}`],
  ['multipart/form-data; boundary=edge', '--edge\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'.repeat(30_000)],
].map(([type, body]) => ({ method: 'POST', path: '/api/v1/analyze', type, body: Buffer.from(body) }));

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
  /** Seconds of CPU until now. */
  const cpu = async () => (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + Number(ticks) / 100, 0);
  return { url, stop, memory, cpu };
}

/** Asks, and reads the answer to its end: its status, whether it says when to come back, and its text where it is wanted. */
function ask(url, agent, { method = 'GET', path, type, body }, client, wanted = false) {
  return new Promise((done) => {
    const headers = { 'x-forwarded-for': `198.51.${client >> 8}.${client & 255}`, 'accept-encoding': wanted ? 'identity' : 'br', ...(type && { 'content-type': type }), ...(body && { 'content-length': body.length }) };
    const request = http.request({ host: url.hostname, port: url.port, method, path, headers, agent }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => { if (wanted) chunks.push(chunk); });
      answer.on('end', () => done({ status: answer.statusCode, later: answer.headers['retry-after'], text: Buffer.concat(chunks).toString() }));
      answer.on('error', () => done({ status: 0 }));
    });
    request.on('error', () => done({ status: 0 }));
    request.end(body);
  });
}

if (process.send) {
  setPriority(10);
  const agent = new http.Agent({ keepAlive: true });
  process.on('message', async ({ id, url, which, client }) => {
    const { status, later } = await ask(new URL(url), agent, HOSTILE[which], client);
    process.send({ id, status, later });
  });
  await new Promise((ended) => { process.once('disconnect', ended); });
  process.exit();
}

const server = await start();
const stranger = fork(fileURLToPath(import.meta.url));
const sent = new Map();
stranger.on('message', ({ id, ...answer }) => { sent.get(id)(answer); sent.delete(id); });
let strangers = 0;
/** Whoever is hostile is four clients whom nobody else is. */
const askHostile = (which) => new Promise((done) => {
  strangers += 1;
  sent.set(strangers, done);
  stranger.send({ id: strangers, url: server.url.href, which, client: 60_000 + (strangers % 4) });
});

const post = (sort, path, text) => ({ sort, method: 'POST', path, type: 'application/yaml', body: Buffer.from(text) });
const shared = JSON.parse((await ask(server.url, undefined, post('', '/api/v1/diagrams', shop), 1, true)).text);
const READS = ['/', '/privacy', '/static/podwire.css', `/d/${shared.id}`, `/d/${shared.id}.svg`, `/d/${shared.id}.json`, `/api/v1/diagrams/${shared.id}`, `/d/${shared.id}/badge.svg`].map((path) => ({ sort: 'read', path }));

let turn = 0;
const next = (list) => list[turn % list.length];
/** 80 % reads, 15 % analyses, 5 % shares; of the whole, one in 25 is hostile where that is wanted. */
function choose(hostile) {
  turn += 1;
  if (hostile && turn % 25 === 0) return { sort: 'hostile', which: (turn / 25) % HOSTILE.length };
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
    if (status === 0 || (status >= 500 && !(status === 503 && later))) this.wrong.push(`${status} to ${path ?? sort}`);
  }
  late(time) { (this.lateness ??= []).push(time); }
  p(sort, part) {
    const times = (sort === 'late' ? this.lateness : this.times[sort] ?? []).toSorted((a, b) => a - b);
    return times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? NaN;
  }
  get count() { return Object.values(this.times).reduce((sum, times) => sum + times.length, 0); }
}

/** As many requests as are answered, on 64 connections. */
async function closed(seconds, hostile, every = () => {}) {
  const tally = new Tally();
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const end = performance.now() + seconds * 1000;
  const ticks = setInterval(every, 1_000);
  await Promise.all(Array.from({ length: CONNECTIONS }, async (_, client) => {
    while (performance.now() < end) {
      const request = choose(hostile);
      const start = performance.now();
      const answer = request.sort === 'hostile' ? askHostile(request.which) : ask(server.url, agent, request, client);
      tally.note(request, await answer, performance.now() - start);
    }
  }));
  clearInterval(ticks);
  agent.destroy();
  return tally;
}

/** So many requests a second, however long the answers take; time counts from when a request was due. None waits here for
 *  another's connection. */
async function open(rate, seconds, hostile) {
  const tally = new Tally();
  const agent = new http.Agent({ keepAlive: true });
  const [cpu, own, start] = [await server.cpu(), process.cpuUsage(), performance.now()];
  const asked = [];
  for (let sent = 0; sent < rate * seconds;) {
    const due = Math.min(rate * seconds, 1 + Math.floor(((performance.now() - start) / 1000) * rate));
    for (; sent < due; sent += 1) {
      const at = start + (sent / rate) * 1000;
      const request = choose(hostile);
      tally.late(performance.now() - at);
      const answer = request.sort === 'hostile' ? askHostile(request.which) : ask(server.url, agent, request, sent % 4000);
      asked.push(answer.then((answer) => tally.note(request, answer, performance.now() - at)));
    }
    await new Promise((soon) => { setTimeout(soon, 1); });
  }
  await Promise.all(asked);
  agent.destroy();
  tally.seconds = (performance.now() - start) / 1000;
  tally.cpu = await server.cpu() - cpu;
  const { user, system } = process.cpuUsage(own);
  tally.own = (user + system) / 1e6;
  return tally;
}

/** The same load without hostile uploads among it and with them, three times in turns: the medians of the p99 of reads. */
async function beside(what, rate) {
  const runs = [];
  for (let turn = 0; turn < 3; turn += 1) for (const hostile of [false, true]) {
    const tally = await open(rate, SECONDS / 3, hostile);
    runs.push({ hostile, tally });
    console.log(`half of ${what}, ${rate.toFixed(0)} a second, ${hostile ? 'with' : 'without'} hostile uploads: reads p50 ${ms(tally.p('read', 0.5))}, p99 ${ms(tally.p('read', 0.99))}; sent late by p99 ${ms(tally.p('late', 0.99))}; cores of the server ${(tally.cpu / tally.seconds).toFixed(2)}, of whoever asks ${(tally.own / tally.seconds).toFixed(2)}; ${JSON.stringify(tally.statuses)}`);
  }
  const [calm, rough] = [false, true].map((hostile) => runs.filter((run) => run.hostile === hostile).map(({ tally }) => tally.p('read', 0.99)).toSorted((a, b) => a - b)[1]);
  console.log(`half of ${what}: p99 of reads ${ms(calm)} without hostile uploads, ${ms(rough)} with them: ${(rough / calm).toFixed(2)} times`);
  return { ratio: rough / calm, wrong: runs.flatMap(({ tally }) => tally.wrong) };
}

const ms = (number) => `${number.toFixed(1)} ms`;
const mib = (number) => `${number.toFixed(0)} MiB`;
try {
  const capacity = {};
  for (const [what, hostile] of [['the capacity for this mix', true], ['the capacity without hostile uploads', false]]) {
    capacity[what] = (await closed(SECONDS / 2, hostile)).count / (SECONDS / 2);
    console.log(`${what}: ${capacity[what].toFixed(0)} requests a second at ${CONNECTIONS} connections`);
  }
  const halves = [];
  for (const [what, most] of Object.entries(capacity)) halves.push(await beside(what, most / 2));

  const memory = [];
  const started = performance.now();
  const long = await closed(MINUTES * 60, true, async () => memory.push([(performance.now() - started) / 60_000, await server.memory()]));
  // It goes up and down with every upload that is under way, so a minute's is the mean of its seconds.
  const sizes = (minute) => memory.filter(([at]) => Math.floor(at) === minute).map(([, size]) => size);
  const means = Array.from({ length: MINUTES }, (_, minute) => sizes(minute).reduce((sum, size) => sum + size, 0) / sizes(minute).length);
  const [first, last] = [means[1], means.at(-1)];
  console.log(`${MINUTES} minutes at ${CONNECTIONS} connections: ${long.count} requests, reads p99 ${ms(long.p('read', 0.99))}; ${JSON.stringify(long.statuses)}`);
  console.log(`memory: ${mib(first)} in the second minute, ${mib(last)} in the last, ${mib(Math.max(...memory.map(([, size]) => size)))} at most; of each minute ${means.map((mean) => mean.toFixed(0)).join(', ')}`);
  const wrong = [...halves.flatMap((half) => half.wrong), ...long.wrong];
  if (wrong.length) console.log(`wrong: ${wrong.length}, such as ${[...new Set(wrong)].slice(0, 5).join(', ')}`);
  process.exitCode = wrong.length || halves.some((half) => half.ratio > 3) || last > first * 1.1 ? 1 : 0;
} finally {
  stranger.disconnect();
  await server.stop();
}
