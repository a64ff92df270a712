// How an editor with a text of several megabytes answers: `PODWIRE_BIN=target/release/podwire node tests/e2e/large-text.mjs`.
// A measurement, not a test: docs/performance.md has the figures.
//
// 3 MB of Services and Deployments are pasted; then keys are pressed one by one and ten in a row, a board is opened, and two of
// its jacks are selected. Of each: what was posted, and the longest task of the page by its own time on a core.
import { chromium } from 'playwright-core';
import config from './playwright.config.mjs';
import * as podwire from './podwire.mjs';
import { start } from './server.mjs';

const BYTES = 3_000_000;

const one = (number) => `apiVersion: v1
kind: Service
metadata:
  name: svc-${number}
  namespace: ns-${number % 20}
spec:
  selector: {app: app-${number}}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${number}
  namespace: ns-${number % 20}
  annotations: {example.com/note: "${'x'.repeat(400)}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: app-${number}}}
  template:
    metadata: {labels: {app: app-${number}}}
    spec: {containers: [{name: c, image: c, ports: [{containerPort: 8080}]}]}
---
`;
let text = '';
for (let number = 0; text.length < BYTES; number += 1) text += one(number);

const server = await start();
const { launchOptions, viewport } = config.use;
const browser = await chromium.launch(launchOptions);
const page = await browser.newPage({ viewport });
const cdp = await page.context().newCDPSession(page);
let posted = [];
page.on('request', (request) => { if (request.method() === 'POST') posted.push(`${new URL(request.url()).pathname} ${Math.round((request.postDataBuffer()?.length ?? 0) / 1000)} kB`); });
await podwire.open(page, server.url);

const settled = async () => {
  await page.waitForTimeout(800);
  await page.waitForFunction(() => !document.body.classList.contains('busy'), null, { timeout: 120_000 });
  await page.waitForTimeout(3_500);
};

async function measured(what, act) {
  const events = [];
  const take = ({ value }) => events.push(...value);
  cdp.on('Tracing.dataCollected', take);
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'toplevel', '__metadata'] } });
  posted = [];
  await act();
  await settled();
  const complete = new Promise((done) => { cdp.once('Tracing.tracingComplete', done); });
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', take);
  const main = events.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
  const tasks = events.filter(({ name, pid, tid, tdur }) => /RunTask$/.test(name) && tdur && pid === main?.pid && tid === main?.tid);
  const longest = tasks.map(({ tdur }) => Math.round(tdur / 1000)).sort((a, b) => b - a);
  console.log(`${what}: longest tasks ${longest.slice(0, 4).join(', ')} ms on a core; posted ${posted.length ? posted.join(', ') : 'nothing'}`);
}

await podwire.code(page).focus();
await page.keyboard.press('Control+A');
await measured(`pasting ${(text.length / 1e6).toFixed(1)} MB`, () => podwire.paste(page, text));
await page.keyboard.press('Control+Home');
await measured('one key', () => page.keyboard.press('#'));
await measured('another', () => page.keyboard.press('a'));
await measured('ten keys', async () => { for (const key of '0123456789') await page.keyboard.press(key); });
await measured('opening a namespace', () => page.locator('#overview .groups a').first().click());
await measured('opening a board', async () => { if (await page.locator('#overview').count()) await page.locator('#overview .groups a').first().click(); });
for (const place of [80, 81, 80]) await measured('selecting', () => podwire.jacks(page).nth(place).click());
await browser.close();
await server.stop();
