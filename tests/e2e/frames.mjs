// How smoothly a large board moves: `PODWIRE_BIN=target/release/podwire node tests/e2e/frames.mjs`.
// A measurement, not a test: docs/performance.md has the figures.
//
// 300 Services in one namespace, shared. It opens the overview and its first board; then for ten seconds it pans, zooms, points
// and selects, while Chromium's own trace says when each frame was presented and every task of more than 50 ms is noted.
import { chromium } from 'playwright-core';
import config from './playwright.config.mjs';
import * as podwire from './podwire.mjs';
import { start } from './server.mjs';

const SERVICES = Number(process.env.SERVICES ?? 300);
const SECONDS = 10;

const one = (number) => `apiVersion: v1
kind: Service
metadata:
  name: shop-${number}
spec:
  type: ${number % 4 ? 'ClusterIP' : 'NodePort'}
  selector:
    app: shop-${number}${number % 20 ? '' : 'x'}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop-${number}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: shop-${number}
  template:
    metadata:
      labels:
        app: shop-${number}
    spec:
      containers:
        - name: server
          ports:
            - name: http
              containerPort: 8080
`;

const text = Array.from({ length: SERVICES }, (_, index) => one(index + 1)).join('---\n');
const server = await start();
const browser = await chromium.launch(config.use.launchOptions);
const page = await browser.newPage({ viewport: config.use.viewport });
const cdp = await page.context().newCDPSession(page);
await page.addInitScript(() => {
  window.long = [];
  window.shift = 0;
  new PerformanceObserver((list) => window.long.push(...list.getEntries().map(({ startTime, duration }) => [Math.round(startTime), Math.round(duration)]))).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => { for (const each of list.getEntries()) if (!each.hadRecentInput) window.shift += each.value; }).observe({ type: 'layout-shift', buffered: true });
});

const { id } = await (await fetch(`${server.url}/api/v1/diagrams`, { method: 'POST', body: text, headers: { 'content-type': 'application/yaml' } })).json();

/** Bytes over the wire of what a page fetches until nothing more comes. */
async function opened(path) {
  let bytes = 0;
  const count = ({ encodedDataLength }) => { bytes += encodedDataLength; };
  await cdp.send('Network.enable');
  cdp.on('Network.loadingFinished', count);
  await page.goto(server.url + path, { waitUntil: 'networkidle' });
  cdp.off('Network.loadingFinished', count);
  const seen = await page.evaluate(() => ({ elements: document.querySelectorAll('*').length, svg: document.querySelectorAll('#board svg *').length, long: window.long, shift: window.shift }));
  console.log(`${path}: ${bytes} bytes, ${seen.elements} elements, ${seen.svg} of them on the board, layout shift ${seen.shift.toFixed(4)}, long tasks at load ${JSON.stringify(seen.long.map(([, ms]) => ms))} ms`);
}

await opened('/');
await opened(`/d/${id}`);
await opened(`/d/${id}?page=1`);

/** What the browser presented, by its own account. */
async function traced(act) {
  const events = [];
  cdp.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['disabled-by-default-devtools.timeline.frame', 'devtools.timeline.frame', 'devtools.timeline', 'toplevel', '__metadata'] } });
  await act();
  const complete = new Promise((done) => { cdp.once('Tracing.tracingComplete', done); });
  await cdp.send('Tracing.end');
  await complete;
  return events;
}

const before = await page.evaluate(() => { window.long.length = 0; window.frames_ = []; let last = 0; const tick = (now) => { if (last) window.frames_.push(now - last); last = now; requestAnimationFrame(tick); }; requestAnimationFrame(tick); return true; });
const board = page.locator('#board .scroll');
const events = await traced(async () => {
  const until = Date.now() + SECONDS * 1000;
  const { x, y } = await board.boundingBox();
  for (let round = 0; before && Date.now() < until; round += 1) {
    await page.mouse.move(x + 400, 600);
    await page.mouse.down();
    for (let step = 0; step < 12; step += 1) await page.mouse.move(x + 400 - step * 6, 600 - step * (round % 4 < 2 ? 40 : -40));
    await page.mouse.up();
    await page.keyboard.down('Control');
    for (let step = 0; step < 8; step += 1) await page.mouse.wheel(0, round % 2 ? 40 : -40);
    await page.keyboard.up('Control');
    for (let step = 0; step < 10; step += 1) await page.mouse.move(x + 120 + step * 70, Math.max(y, 200) + step * 30);
    if (round % 3 === 2) await podwire.jacks(page).nth(round % 20).evaluate((jack) => jack.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })));
  }
});
const { long, frames } = await page.evaluate(() => ({ long: window.long, frames: window.frames_ }));
await browser.close();
await server.stop();

const at = (all, part) => [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))]?.toFixed(1);
const drawn = events.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts / 1000).sort((a, b) => a - b);
const gaps = drawn.slice(1).map((ts, index) => ts - drawn[index]);
console.log(`${SERVICES} Services, ${SECONDS} s of panning, zooming, pointing and selecting`);
for (const [what, all] of [['between frames that were asked for', frames], ['between frames that were drawn', gaps]]) {
  const within = (all.filter((ms) => ms <= 32).length / all.length) * 100;
  console.log(`${what}: ${all.length}, median ${at(all, 0.5)} ms, 95 % ${at(all, 0.95)} ms, most ${at(all, 1)} ms; ${within.toFixed(1)} % within 32 ms`);
}
// A machine that does other things as well stretches every task; its own time on a core is what the page asks for.
const main = events.find(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain');
const tasks = events.filter(({ name, pid, tid, tdur }) => /RunTask$/.test(name) && tdur && pid === main?.pid && tid === main?.tid).map(({ tdur }) => tdur / 1000);
console.log(`time on a core: ${tasks.length} tasks, 99 % ${at(tasks, 0.99)} ms, most ${at(tasks, 1)} ms; ${tasks.filter((ms) => ms > 50).length} of more than 50 ms`);
console.log(`tasks of more than 50 ms: ${long.length}${long.length ? `, the longest ${Math.max(...long.map(([, ms]) => ms))} ms` : ''}`);
