// How long it takes from a key to the redrawn board, for a text of 100 Services: `PODWIRE_BIN=target/release/podwire node tests/e2e/typing.mjs`.
// A measurement, not a test: docs/performance.md has the figures.
//
// Two edits: a digit of a port, which changes a few cards; and a target port's name, which breaks the topmost wire, so that
// the card below it grows and every card of the board moves.
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
// A text of so many Services is an overview; its first board is what is redrawn.
await podwire.open(page, `${server.url}/?page=1`);
await podwire.write(page, text);
await podwire.expect(podwire.board(page)).toContainText('shop-3');
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

async function measure(words, steps) {
  await podwire.code(page).focus();
  await page.keyboard.press('Control+Home');
  for (let line = 0; line < steps; line += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.evaluate(() => { window.spans.length = 0; });
  for (let key = 0; key < KEYS; key += 1) {
    await page.keyboard.press(key % 2 ? 'Backspace' : words);
    await page.waitForFunction((count) => window.spans.length > count, key);
  }
  return page.evaluate(() => window.spans);
}

const lineOf = (words) => text.slice(0, text.indexOf(words)).split('\n').length - 1;
const edits = {
  'a digit of a port': await measure('1', lineOf('port: 80')),
  'a name that breaks the topmost wire': await measure('x', lineOf('targetPort: http')),
};
const selected = await page.locator('#board a.jack-link[aria-current]').count();
await browser.close();
await server.stop();

console.log(`${SERVICES} Services, ${text.length} characters; ${KEYS} keys each`);
for (const [edit, spans] of Object.entries(edits)) {
  console.log(`\n${edit} (an answer of ${spans[0].bytes} characters)`);
  for (const name of ['sent', 'answered', 'swapped', 'painted']) {
    const all = spans.map((span) => span[name]).sort((a, b) => a - b);
    const [least, median, most] = [all[0], all[Math.floor(all.length / 2)], all.at(-1)].map((ms) => ms.toFixed(0).padStart(4));
    console.log(`${name.padEnd(9)} median ${median} ms, from ${least} to ${most} ms`);
  }
}
console.log(selected ? '\nthe selection is still there' : '\nthe selection is LOST');
