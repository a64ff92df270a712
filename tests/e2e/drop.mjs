// From drop to drawn, and from a click to what is told: `PODWIRE_BIN=target/release/podwire node tests/e2e/drop.mjs FILE.yaml`.
// A measurement, not a test: docs/performance.md has the figures.
//
// A file (Online Boutique's manifests, or the look-alike that benches/measure.py writes) is dropped on the page again and again,
// each time on another example; then its jacks are selected one after the other. Time is from the event to the first frame after
// what it brings is in the page, in Chromium.
import { readFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import config from './playwright.config.mjs';
import * as podwire from './podwire.mjs';
import { start } from './server.mjs';

const [file] = process.argv.slice(2);
if (!file) throw new Error('say which file to drop: node tests/e2e/drop.mjs FILE.yaml');
const text = await readFile(file, 'utf8');
const TIMES = 20;

const server = await start();
const { launchOptions, viewport } = config.use;
const browser = await chromium.launch(launchOptions);
const page = await browser.newPage({ viewport });

/** Does something and waits until `event` says that it is there, and for the frame after that. */
const timed = (act, arg, sign) => page.evaluate(async ([code, arg, sign]) => {
  const begin = performance.now();
  const there = new Promise((done) => {
    const look = new MutationObserver(() => { if (document.querySelector(sign)) { look.disconnect(); done(performance.now()); } });
    look.observe(document.body, { childList: true, subtree: true, characterData: true, attributes: true });
  });
  new Function('arg', code)(arg);
  const inPage = await there;
  await new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  return [inPage - begin, performance.now() - begin];
}, [act, arg, sign]);

const DROP = `
  const data = new DataTransfer();
  data.items.add(new File([arg], 'boutique.yaml', { type: 'application/yaml' }));
  const zone = document.querySelector('#drop');
  for (const name of ['dragenter', 'dragover', 'drop']) zone.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
`;
const SELECT = 'document.querySelector(`#board a.jack-link[data-at=${JSON.stringify(arg)}]`).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));';

const middle = (all, part = 0.5) => [...all].sort((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))];
const say = (what, all) => {
  const [there, painted] = [0, 1].map((place) => all.map((each) => each[place]));
  console.log(`${what}: ${all.length} times, in the page ${middle(there).toFixed(0)} ms, painted ${middle(painted).toFixed(0)} ms (${Math.min(...painted).toFixed(0)} to ${Math.max(...painted).toFixed(0)})`);
};

const drops = [];
let names = [];
for (let round = 0; round < TIMES; round += 1) {
  // What was dropped before does not come back.
  await page.goto(`${server.url}/privacy`);
  await page.evaluate(() => sessionStorage.clear());
  await podwire.open(page, `${server.url}/examples/cluster-ip`);
  await page.waitForTimeout(300);
  const service = /kind: Service\nmetadata:\n {2}name: ([\w-]+)/.exec(text)?.[1];
  drops.push(await timed(DROP, text, `#board [data-card^="${service}."]`));
  names = await podwire.jacks(page).evaluateAll((all) => [...new Set(all.map((each) => each.dataset.at))]);
}
say(`from drop to drawn, ${text.length} bytes`, drops.slice(1));
const selects = [];
for (const name of names.slice(0, TIMES)) {
  selects.push(await timed(SELECT, name, `#inspector h2`));
  await page.locator('#inspector .close').click();
  await page.waitForFunction(() => !document.querySelector('#inspector h2'));
}
say('selecting', selects.slice(1));
await browser.close();
await server.stop();
