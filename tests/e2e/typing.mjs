// How long it takes from a key to the redrawn board, for a text of 100 Services: `PODWIRE_BIN=target/release/podwire node tests/e2e/typing.mjs`.
// A measurement, not a test: docs/performance.md has the figures.
import { chromium } from 'playwright-core';
import config from './playwright.config.mjs';
import * as podwire from './podwire.mjs';
import { start } from './server.mjs';

const SERVICES = 100;
const KEYS = 30;

const one = (number) => `apiVersion: v1
kind: Service
metadata:
  name: shop-${number}
spec:
  type: ${number % 4 ? 'ClusterIP' : 'NodePort'}
  selector:
    app: shop-${number}
  ports:
    - name: http
      port: 80
      targetPort: http
    - name: metrics
      port: 9090
      targetPort: ${number % 10 ? 9090 : 'metrcs'}
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
          image: example.com/shop-${number}:1.0
          ports:
            - name: http
              containerPort: 8080
            - name: metrics
              containerPort: 9090
`;

const text = Array.from({ length: SERVICES }, (_, index) => one(index + 1)).join('---\n');
const server = await start();
const browser = await chromium.launch(config.use.launchOptions);
const page = await browser.newPage({ viewport: config.use.viewport });
await podwire.open(page, server.url);
await podwire.write(page, text);
await podwire.expect(podwire.board(page)).toContainText(`shop-${SERVICES}`);
await podwire.jack(page, 'shop-3.default:80').click();
await podwire.expectSelected(page, 'shop-3.default:80');

// From the key to the first frame after the board is in the page, with the steps between.
await page.evaluate(() => {
  window.spans = [];
  let key = 0;
  let marks = {};
  addEventListener('keydown', () => { key = performance.now(); marks = {}; }, true);
  const asked = window.fetch;
  window.fetch = async (...args) => {
    marks.sent = performance.now() - key;
    const answer = await asked(...args);
    const body = await answer.clone().text();
    marks.answered = performance.now() - key;
    marks.bytes = body.length;
    return answer;
  };
  document.addEventListener('podwire:drawn', () => {
    marks.swapped = performance.now() - key;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.spans.push({ ...marks, painted: performance.now() - key });
      port2.postMessage(0);
    });
  });
});

await podwire.code(page).focus();
await page.keyboard.press('Control+Home');
for (let line = 0; line < 11; line += 1) await page.keyboard.press('ArrowDown');
await page.keyboard.press('End');
for (let key = 0; key < KEYS; key += 1) {
  await page.keyboard.press(key % 2 ? 'Backspace' : 'x');
  await page.waitForFunction((count) => window.spans.length > count, key);
}
const spans = await page.evaluate(() => window.spans);
const selected = await page.locator('#board a.jack-link[aria-current]').count();
await browser.close();
await server.stop();

const median = (name) => spans.map((span) => span[name]).sort((a, b) => a - b)[Math.floor(spans.length / 2)];
const most = (name) => Math.max(...spans.map((span) => span[name]));
console.log(`${SERVICES} Services, ${text.length} characters, ${spans.length} keys; the answer has ${median('bytes')} characters`);
for (const name of ['sent', 'answered', 'swapped', 'painted']) {
  console.log(`${name.padEnd(9)} median ${median(name).toFixed(0).padStart(4)} ms, at most ${most(name).toFixed(0).padStart(4)} ms`);
}
console.log(selected ? 'the selection is still there' : 'the selection is LOST');
