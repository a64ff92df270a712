// The page in words: what the specs say they do. What a spec needs to know of the page's markup is here.
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import { start } from './server.mjs';

export { expect };

export const test = base.extend({
  // One server for each worker, so that its tests share nothing with the other's.
  server: [
    async ({}, use) => {
      const server = await start();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', timeout: 30_000 },
  ],

  baseURL: async ({ server }, use) => use(server.url),

  // A test fails when its page throws, breaks its own content policy, misses a file, or asks another host for one.
  complaints: [
    async ({ context, baseURL, server }, use, testInfo) => {
      const complaints = [];
      context.on('weberror', (error) => complaints.push(`thrown: ${error.error().message}`));
      context.on('console', (message) => {
        // The line for an answer of 4xx names no file; the listener for responses does.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(`console: ${message.text()}`);
        }
      });
      context.on('request', (request) => {
        if (/^(https?|wss?):/.test(request.url()) && new URL(request.url()).origin !== new URL(baseURL).origin) {
          complaints.push(`asked another host: ${request.url()}`);
        }
      });
      context.on('response', (response) => {
        if (response.status() >= 400 && !response.request().isNavigationRequest()) {
          complaints.push(`${response.status()}: ${response.url()}`);
        }
      });
      await use(complaints);
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server.log', { body: server.log(), contentType: 'text/plain' });
      }
      expect(complaints, 'what the page complained of').toEqual([]);
    },
    { auto: true },
  ],
});

/** The path of something in `uploads/`. */
export const fixture = (name) => fileURLToPath(new URL(`uploads/${name}`, import.meta.url));

/** The path of an example. */
export const example = (name) => fileURLToPath(new URL(`../../static/examples/${name}.yaml`, import.meta.url));

export const board = (page) => page.locator('#board');
export const picture = (page) => page.locator('#board .scroll > svg');
/** The form's field: what is sent, whoever shows it. */
export const field = (page) => page.locator('#manifest');
/** Where one writes: the editor that took the field's place. */
export const code = (page) => page.locator('#code .cm-content');
export const tabs = (page) => page.getByRole('tablist', { name: 'Files' }).getByRole('tab');
export const inspector = (page) => page.locator('#inspector');
export const hops = (page) => inspector(page).locator('ol.hops > li');
export const jacks = (page) => board(page).locator('a.jack-link[data-at]');
export const jack = (page, at) => board(page).locator(`a.jack-link[data-at=${JSON.stringify(at)}]`).first();
export const wires = (page) => board(page).locator('path.wire[data-wire]');
export const brokenEnds = (page) => board(page).locator('.flag');
export const drawButton = (page) => page.locator('#editor').getByRole('button', { name: 'Draw', exact: true });

/** Opens a page and waits until it has a picture (on a narrow screen one Service of it), and the editor where scripts run. */
export async function open(page, path = '/') {
  const response = await page.goto(path);
  await expect(picture(page).or(page.locator('#strip .one')).filter({ visible: true })).toBeVisible();
  await scriptsAreThere(page);
  await editorIsThere(page);
  return response;
}

/** Fetches the page's fonts, so that the next page has them from the first: a page shows others when they come late. */
export async function fonts(page) {
  await page.goto('/privacy');
  await page.evaluate(() => Promise.all(['400 16px Inter', '600 16px Inter', '500 16px "JetBrains Mono"'].map((font) => document.fonts.load(font))));
}

/** Resolves once the page's scripts are all there; at once where there are none. */
export async function scriptsAreThere(page) {
  if (await page.locator('html.js').count()) await expect(page.locator('html.ready')).toBeAttached();
}

/** Resolves once the editor took the field's place; at once where there is no script or nothing to edit. */
export async function editorIsThere(page) {
  if (await page.locator('html.js #editor').count()) await expect(code(page)).toBeVisible();
}

/** Gives files, or one folder, to the page and has them drawn; resolves when the board shows `sign`. */
export async function upload(page, input, files, sign) {
  await page.locator(input).setInputFiles(files);
  await drawButton(page).click();
  await expect(board(page)).toContainText(sign);
}

/** Drops text files, `{ name: text }`, on the page as a hand would. */
export async function drop(page, files) {
  const data = await page.evaluateHandle((entries) => {
    const data = new DataTransfer();
    for (const [name, text] of entries) data.items.add(new File([text], name, { type: 'application/yaml' }));
    return data;
  }, Object.entries(files));
  const zone = page.locator('#drop');
  await zone.dispatchEvent('dragenter', { dataTransfer: data });
  await zone.dispatchEvent('dragover', { dataTransfer: data });
  await zone.dispatchEvent('drop', { dataTransfer: data });
}

/** Writes a text in the place of the one that is there: pastes it into the editor, or fills the field. */
export async function write(page, text) {
  if (!(await page.locator('html.js').count())) {
    await field(page).fill(text);
    return;
  }
  await code(page).focus();
  await page.keyboard.press('Control+A');
  if (text) await paste(page, text);
  else await page.keyboard.press('Delete');
}

/** Pastes a text where the caret is. */
export async function paste(page, text) {
  await code(page).evaluate((content, words) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', words);
    content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** What is selected in the editor. */
export const selectedText = (page) => page.locator('#code').evaluate((host) => {
  const selection = host.shadowRoot.getSelection?.() ?? document.getSelection();
  return String(selection);
});

/** The `data-at` of the first jack, which names it across redraws. */
export async function firstJack(page) {
  const at = await jacks(page).first().getAttribute('data-at');
  expect(at, 'the first jack says where it is').toBeTruthy();
  return at;
}

/** What is true once a jack is selected. */
export async function expectSelected(page, at) {
  await expect(jack(page, at)).toHaveAttribute('aria-current', /^(true|location|page)$/);
  await expect(inspector(page).locator('h2')).not.toBeEmpty();
  await expect(hops(page).first()).toBeVisible();
  await expect.poll(() => new URL(page.url()).searchParams.get('at'), 'the URL keeps the selection').toBe(at);
}

/** Holds back what a page asks for from now on, where `isHeld` says so, until what is returned is called. */
export async function hold(page, isHeld) {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**', async (route) => {
    if (isHeld(route.request())) await held;
    await route.continue();
  });
  return release;
}

export const isDrawing = (request) => request.headers()['hx-target'] === 'board';
export const isInspecting = (request) => request.headers()['hx-target'] === 'inspector';

/** Keeps a diagram of a text, without a page: what the API answers. */
export async function keep(request, text) {
  const made = await request.post('/api/v1/diagrams', { headers: { 'content-type': 'application/yaml' }, data: text });
  expect(made.status()).toBe(201);
  return made.json();
}

/** Shares what is on the board; resolves to the link. */
export async function share(page) {
  await page.locator('#share').click();
  const now = page.locator('#share-now');
  await expect(now.or(page.locator('#share-link'))).toBeVisible();
  // What has a link already is not asked about again.
  if (await now.isVisible()) await now.click();
  const link = page.locator('#shared #share-link');
  await expect(link).toBeVisible();
  const url = await link.evaluate((element) => element.href || element.value || element.textContent.trim());
  expect(url).toMatch(/\/d\/[0-9A-Za-z]{20,}/);
  return url;
}

/** A page is no wider than its window: nothing scrolls sideways but what is meant to. */
export async function expectNoSidewaysScroll(page) {
  const [content, window] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(content, 'the width of the page').toBeLessThanOrEqual(window);
}

/** Runs axe over the page as it stands, in light and in dark. */
export async function expectAccessible(page) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, help, nodes }) => ({
      rule: `${id}: ${help}`,
      where: nodes.slice(0, 5).map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
    expect(found, `axe in ${colorScheme}`).toEqual([]);
  }
}
