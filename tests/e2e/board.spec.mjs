// Reading the board: uploading, typing, pointing, selecting.
import { readFile } from 'node:fs/promises';
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test('the first visit shows an example, wired', async ({ page }) => {
  await podwire.open(page);
  await expect(page.getByRole('link', { name: /podwire/i }).first()).toHaveAttribute('href', '/');
  await expect(podwire.field(page)).toHaveValue(/nodePort: 30008/);
  await expect(podwire.board(page)).toContainText('30008');
  await expect(podwire.wires(page).first()).toBeAttached();
  await expect(podwire.picture(page)).toHaveAttribute('role', /.+/);
});

test('a folder is drawn, and its broken end says why', async ({ page }) => {
  await podwire.open(page);
  await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
  await expect(podwire.board(page)).toContainText('7070');
  await expect(podwire.wires(page).first()).toBeAttached();
  await expect(podwire.brokenEnds(page).first()).not.toBeEmpty();
  await expect(page.locator('#findings')).toContainText('cart');
});

test('files that are chosen before the scripts are there are drawn once they are', async ({ page }) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route(/drop.*\.js/, async (route) => { await held; await route.continue(); });
  await page.goto('/');
  await page.locator('#files').setInputFiles(podwire.example('headless'));
  release();
  await expect(podwire.tabs(page)).toHaveText(/headless\.yaml/);
  await expect(podwire.board(page)).toContainText('no cluster IP');
});

test('several files are drawn together', async ({ page }) => {
  await podwire.open(page);
  const files = ['shop/web.yaml', 'shop/base/cart.yaml'].map(podwire.fixture);
  await podwire.upload(page, '#files', files, '30080');
  await expect(podwire.board(page)).toContainText('7070');
});

test('a file dropped on the page is drawn', async ({ page }) => {
  await podwire.open(page);
  await podwire.drop(page, { 'web.yaml': await readFile(podwire.fixture('shop/web.yaml'), 'utf8') });
  await expect(podwire.board(page)).toContainText('30080');
});

test('typing redraws the board and keeps the caret', async ({ page }) => {
  await podwire.open(page);
  const text = await podwire.field(page).inputValue();
  await podwire.write(page, text.replace('30008', '31234'));
  await expect(podwire.board(page)).toContainText('31234');
  await expect(podwire.board(page)).not.toContainText('30008');
  await expect(podwire.code(page)).toBeFocused();
  await expect(podwire.field(page)).toHaveValue(/31234/);
});

test('text that is not yet YAML does not lose the page', async ({ page }) => {
  await podwire.open(page);
  const text = await podwire.field(page).inputValue();
  await podwire.write(page, `${text}\n---\nkind: [`);
  await expect(page.locator('#findings')).not.toBeEmpty();
  await podwire.write(page, text.replace('30008', '31235'));
  await expect(podwire.board(page)).toContainText('31235');
});

test('a jack that is clicked opens the inspector and enters the URL', async ({ page }) => {
  await podwire.open(page);
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);
  await page.reload();
  await podwire.expectSelected(page, at);
});

test('Back returns to the selection before', async ({ page }) => {
  await podwire.open(page);
  const places = await podwire.jacks(page).evaluateAll((links) => links.map((link) => link.dataset.at));
  const [first, second] = [...new Set(places)];
  await podwire.jack(page, first).click();
  await podwire.expectSelected(page, first);
  await podwire.jack(page, second).click();
  await podwire.expectSelected(page, second);
  await page.goBack();
  await podwire.expectSelected(page, first);
});

test('pointing at a jack lights its path, and leaving it does not', async ({ page }) => {
  await podwire.open(page);
  await podwire.jacks(page).first().hover();
  await expect(podwire.board(page).locator('svg.lighting')).toBeVisible();
  await expect(podwire.board(page).locator('.lit > .wire').first()).toBeAttached();
  await page.mouse.move(1, 1);
  await expect(podwire.board(page).locator('svg.lighting')).toHaveCount(0);
});

test('an example opens by its link', async ({ page }) => {
  await podwire.open(page);
  const examples = page.locator('#examples a[href^="/examples/"]');
  expect(await examples.count()).toBeGreaterThan(0);
  await podwire.open(page, await examples.first().getAttribute('href'));
  await expect(podwire.field(page)).toHaveValue(/kind: Service/);
});

test('the table says what the picture says', async ({ page }) => {
  await podwire.open(page);
  const table = page.locator('#table');
  if (await table.evaluate((element) => element.matches('details:not([open])'))) {
    await table.locator('summary').click();
  }
  for (const part of ['30008', '80']) await expect(table).toContainText(part);
});

test('what was typed is there after a reload, until one starts over', async ({ page }) => {
  await podwire.open(page);
  const text = await podwire.field(page).inputValue();
  await podwire.write(page, text.replace('30008', '31235'));
  await expect(podwire.board(page)).toContainText('31235');
  await page.reload();
  await expect(podwire.field(page)).toHaveValue(/31235/);
  await expect(podwire.board(page)).toContainText('31235');
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect(podwire.field(page)).toHaveValue(/30008/);
  await expect(podwire.board(page)).toContainText('30008');
});

test('files that were chosen are there after a reload, and each can be edited', async ({ page }) => {
  await podwire.open(page);
  await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
  await page.reload();
  await expect(podwire.board(page)).toContainText('30080');
  await podwire.editorIsThere(page);
  await podwire.tabs(page).filter({ hasText: 'web.yaml' }).click();
  await podwire.write(page, (await podwire.field(page).inputValue()).replace('30080', '30099'));
  await expect(podwire.board(page)).toContainText('30099');
});

test('an emptied editor is an empty board', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, '');
  await expect(podwire.board(page)).toContainText('Nothing to draw yet');
});

test('one way in lights its own path alone', async ({ page }) => {
  await podwire.open(page);
  await podwire.jack(page, 'node:30008').hover();
  await expect(podwire.board(page).locator('.card.client.lit')).toHaveCount(1);
  await expect(podwire.jack(page, 'in:node-port-service.default')).not.toHaveClass(/lit/);
});

test('the place of a finding selects its line and lights its path', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  await page.locator('#findings a.locate').first().click();
  await podwire.expectSelected(page, 'cart.default:80');
  await expect(podwire.code(page)).toBeFocused();
  expect(await podwire.selectedText(page)).toContain('app: cart');
  await expect(podwire.board(page).locator('.wire-g.lit').first()).toBeAttached();
});

test('what is selected while a drawing is under way stays selected', async ({ page }) => {
  await podwire.open(page);
  const release = await podwire.hold(page, podwire.isDrawing);
  const asked = page.waitForRequest(podwire.isDrawing);
  await podwire.write(page, (await podwire.field(page).inputValue()).replace('targetPort: 80', 'targetPort: 8080'));
  await asked;
  await podwire.jack(page, 'node:30008').click();
  await podwire.expectSelected(page, 'node:30008');
  release();
  await expect(podwire.board(page)).toContainText('8080');
  await podwire.expectSelected(page, 'node:30008');
});

test('what is selected on a shared diagram while another board comes stays selected', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  await podwire.open(page, await podwire.share(page));
  const before = await podwire.jacks(page).count();
  const release = await podwire.hold(page, podwire.isDrawing);
  const asked = page.waitForRequest(podwire.isDrawing);
  await page.locator('#broken').click();
  await asked;
  await podwire.jack(page, 'cart.default:80').click();
  await podwire.expectSelected(page, 'cart.default:80');
  release();
  await expect(podwire.jacks(page)).not.toHaveCount(before);
  await podwire.expectSelected(page, 'cart.default:80');
});

test('what is told of something that is selected no longer is not shown', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  await podwire.open(page, await podwire.share(page));
  const release = await podwire.hold(page, podwire.isInspecting);
  const asked = page.waitForRequest(podwire.isInspecting);
  await podwire.jack(page, 'cart.default:80').click();
  await asked;
  const left = page.waitForEvent('requestfailed', podwire.isInspecting);
  await page.goBack();
  await left;
  await page.locator('#trace').fill('cart:80');
  await page.keyboard.press('Enter');
  const traced = podwire.inspector(page).locator('h2');
  await expect(traced).toContainText('cart:80');
  const words = await traced.textContent();
  release();
  await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(resolve)); }));
  await expect(traced).toHaveText(words);
});

for (const [width, height] of [[1440, 900], [1024, 800], [768, 1000], [360, 740]]) {
  for (const late of [false, true]) {
    test(`nothing moves while the page comes, ${width} px wide${late ? ', fonts and scripts late' : ''}`, async ({ page }) => {
      await page.setViewportSize({ width, height });
      if (late) await page.route(/\.(woff2|js)$/, async (route) => { await new Promise((resolve) => { setTimeout(resolve, 300); }); await route.continue(); });
      await page.addInitScript(() => {
        window.moved = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries()) window.moved.push(`${value}: ${sources.map(({ node }) => `${node?.nodeName} ${node?.id ?? ''}`).join(', ')}`);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      for (const path of ['/', '/examples/broken']) {
        await podwire.open(page, path);
        expect(await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => requestAnimationFrame(() => resolve(window.moved))); })), path).toEqual([]);
      }
    });
  }
}
