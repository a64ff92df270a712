// The editor: the field until it comes, findings and fixes in the text, files as tabs, and the board and the caret pointing
// at each other.
import { readFile } from 'node:fs/promises';
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const tab = (page, name) => podwire.tabs(page).filter({ hasText: name });
const underlined = (page, severity) => page.locator(`#code .cm-lintRange-${severity}`);
const margin = (page, severity) => page.locator(`#code .cm-lint-marker-${severity}`);
const marked = (page) => page.locator('#code .cm-marked');
const held = (page) => page.locator('.picture.held');
const text = (page) => podwire.field(page).inputValue();

/** Puts the caret behind some words of the text. */
async function caretAfter(page, words) {
  const line = page.locator('#code .cm-line', { hasText: words }).first();
  await line.click();
  await page.keyboard.press('End');
}

const CART = (app) => `apiVersion: v1
kind: Service
metadata: {name: cart}
spec:
  selector: {app: ${app}}
  ports:
  - port: 80
    targetPort: http
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-0
  labels: {app: cart}
spec:
  containers:
  - name: cart
    ports:
    - {name: http, containerPort: 7070}
`;

test.describe('before the editor comes', () => {
  test('the field works, and what is at work in it goes on in the editor', async ({ page }) => {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await page.route(/codemirror/, async (route) => { await held; await route.continue(); });
    await page.goto('/');
    const field = podwire.field(page);
    await field.fill((await field.inputValue()).replace('30008', '31001'));
    await expect(podwire.board(page)).toContainText('31001');
    await field.evaluate((area) => area.setSelectionRange(area.value.indexOf('31001'), area.value.indexOf('31001') + 5));
    await expect(field).toBeFocused();
    release();
    await expect(podwire.code(page)).toBeFocused();
    expect(await podwire.selectedText(page)).toBe('31001');
    await expect(field).toBeHidden();
    await page.keyboard.type('31002');
    await expect(podwire.board(page)).toContainText('31002');
  });

  test('where it cannot come, the field stays', async ({ page, complaints }) => {
    await page.route(/codemirror/, (route) => route.abort());
    await page.goto('/examples/broken');
    const field = podwire.field(page);
    await page.locator('#findings .fix').first().click();
    await expect(field).toHaveValue(/app: carts/);
    await expect(podwire.board(page)).not.toContainText('one letter off');
    await expect(field).toBeVisible();
    await podwire.expectAccessible(page);
    complaints.splice(0, complaints.length, ...complaints.filter((each) => !/codemirror|ERR_FAILED/.test(each)));
  });

  test('it takes the room of the field, and moves nothing', async ({ page }) => {
    let release;
    const held = new Promise((resolve) => { release = resolve; });
    await page.route(/codemirror/, async (route) => { await held; await route.continue(); });
    await page.goto('/');
    await expect(podwire.tabs(page)).toHaveCount(1);
    const before = await podwire.field(page).boundingBox();
    release();
    await expect(podwire.code(page)).toBeVisible();
    expect(await page.locator('#code').boundingBox()).toEqual(before);
  });
});

test('keys, values and comments have colours of their own, and lines have numbers', async ({ page }) => {
  await podwire.open(page);
  const colour = (words) => page.locator('#code .cm-line span', { hasText: words }).last().evaluate((each) => getComputedStyle(each).color);
  const colours = [await colour(/^nodePort$/), await colour(/^30008$/), await colour(/^NodePort$/), await colour(/# the same labels/)];
  expect(new Set(colours).size).toBe(4);
  await expect(page.locator('#code .cm-lineNumbers')).toContainText('12');
});

test('a finding is underlined where it is, in the margin, and says how to mend it', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, `# caf\u00e9 \u{1f680}\n${CART('cart').replace('targetPort: http', 'targetPort: htttp')}`);
  await expect(underlined(page, 'error')).toHaveText('htttp');
  await expect(margin(page, 'error')).toHaveCount(1);
  await underlined(page, 'error').hover();
  const tip = page.locator('#code .cm-tooltip-lint');
  await expect(tip).toContainText('htttp');
  await expect(tip.getByRole('link')).toHaveAttribute('href', '/rules/target-port-name-missing');
  await podwire.expectAccessible(page);
});

// An e with an accent is two bytes and one unit of UTF-16, a rocket four bytes and two units.
test('what stands before a finding on its line does not move it', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, CART('cart').replace('- port: 80\n    targetPort: http', '- {name: "\u{1f680}\u00e9", port: 80, targetPort: htttp}'));
  await expect(underlined(page, 'error').filter({ hasText: 'htttp' })).toHaveText('htttp');
});

test('a fix is one change, which is drawn, and undone and redone as one', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, CART('carts'));
  await expect(podwire.brokenEnds(page)).not.toHaveCount(0);
  const broken = await text(page);
  await underlined(page, 'error').first().hover();
  await page.locator('#code .cm-diagnosticAction').first().click();
  await expect(podwire.brokenEnds(page)).toHaveCount(0);
  expect(await text(page)).toBe(CART('cart'));
  await podwire.code(page).focus();
  await page.keyboard.press('Control+z');
  await expect(podwire.brokenEnds(page)).not.toHaveCount(0);
  expect(await text(page)).toBe(broken);
  await page.keyboard.press('Control+y');
  await expect(podwire.brokenEnds(page)).toHaveCount(0);
  expect(await text(page)).toBe(CART('cart'));
});

test('a fix is applied from the list of findings and from the inspector', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  await page.locator('#findings .fix').first().click();
  await expect(podwire.field(page)).toHaveValue(/app: carts\n/);
  await podwire.jack(page, 'logs.default:514/udp').click();
  await expect(podwire.inspector(page).locator('.finding')).not.toHaveCount(0);
});

test.describe('the board and the caret', () => {
  test('the caret lights the path that it stands in, and the page stays where it is', async ({ page }) => {
    await podwire.open(page);
    const top = await page.evaluate(() => scrollY);
    await caretAfter(page, 'nodePort: 30008');
    await expect(podwire.jack(page, 'node:30008')).toHaveClass(/\bcaret\b/);
    await expect(podwire.jack(page, 'node:30008')).toHaveClass(/\blit\b/);
    await expect(podwire.jack(page, 'in:node-port-service.default')).not.toHaveClass(/\blit\b/);
    await caretAfter(page, 'port: 80');
    await expect(podwire.jack(page, 'node-port-service.default:80')).toHaveClass(/\bcaret\b/);
    await caretAfter(page, 'kind: Pod');
    await expect(podwire.board(page).locator('.card.pods.caret')).toHaveCount(1);
    expect(await page.evaluate(() => scrollY)).toBe(top);
    await page.getByRole('link', { name: 'Examples' }).focus();
    await expect(podwire.board(page).locator('.caret')).toHaveCount(0);
  });

  test('what is selected on the board is marked in its file, and unmarked with it', async ({ page }) => {
    await podwire.open(page);
    await podwire.jack(page, 'node:30008').click();
    await expect(marked(page)).toHaveText(['      nodePort: 30008']);
    await expect(podwire.code(page)).not.toBeFocused();
    const pod = await podwire.jacks(page).evaluateAll((all) => all.map((each) => each.dataset.at).find((at) => at.startsWith('pods:')));
    await podwire.jack(page, pod).click();
    await expect(marked(page).first()).toContainText('containerPort');
    await expect(marked(page).first()).toBeInViewport();
    await page.goBack();
    await expect(marked(page)).toHaveText(['      nodePort: 30008']);
    await page.keyboard.press('Escape');
    await expect(marked(page)).toHaveCount(0);
    await podwire.open(page, '/?at=node:30008');
    await expect(marked(page)).toHaveText(['      nodePort: 30008']);
  });

  test('what is selected in another file opens its tab', async ({ page }) => {
    await podwire.open(page);
    await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
    await podwire.jack(page, 'node:30080').click();
    await expect(tab(page, 'web.yaml')).toHaveAttribute('aria-selected', 'true');
    await expect(marked(page)).toContainText(['30080']);
  });
});

test.describe('files', () => {
  test('a folder is a tab for each file, with what was found in it', async ({ page }) => {
    await podwire.open(page);
    await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
    await expect(podwire.tabs(page)).toHaveCount(3);
    await expect(tab(page, 'cart.yaml')).toContainText(/1.*error/);
    await tab(page, 'web.yaml').click();
    await expect(podwire.field(page)).toHaveValue(/30080/);
    await expect(tab(page, 'web.yaml')).toHaveAttribute('aria-selected', 'true');
    await podwire.expectAccessible(page);
  });

  test('one is added, written, renamed and closed, and comes back', async ({ page }) => {
    await podwire.open(page);
    await podwire.write(page, CART('cart').split('---\n')[0]);
    await page.getByRole('button', { name: 'Add a file' }).click();
    await expect(podwire.tabs(page)).toHaveText(['manifests.yaml', 'manifests-2.yaml'].map((name) => new RegExp(`^${name}`)));
    await expect(podwire.code(page)).toBeFocused();
    await podwire.write(page, CART('cart').split('---\n')[1]);
    await expect(podwire.board(page)).toContainText('7070');
    await page.getByRole('button', { name: 'Rename the file' }).click();
    await page.getByLabel('Name of the file').fill('pods/cart');
    await page.keyboard.press('Enter');
    await expect(tab(page, 'cart.yaml')).toHaveAttribute('title', 'pods/cart.yaml');
    await expect(tab(page, 'cart.yaml')).toBeFocused();
    await page.keyboard.press('Delete');
    await expect(podwire.tabs(page)).toHaveCount(1);
    await expect(podwire.board(page)).not.toContainText('7070');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(podwire.tabs(page)).toHaveCount(2);
    await expect(podwire.board(page)).toContainText('7070');
    await page.reload();
    await podwire.editorIsThere(page);
    await expect(tab(page, 'cart.yaml')).toHaveAttribute('title', 'pods/cart.yaml');
    await expect(podwire.board(page)).toContainText('7070');
  });

  test('three are seen at once, and nothing shows above them when the column is scrolled', async ({ page }) => {
    await podwire.open(page);
    await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
    for (let index = 0; index < 3; index += 1) await expect(podwire.tabs(page).nth(index)).toBeInViewport({ ratio: 0.95 });
    await podwire.jack(page, 'node:30080').click();
    await podwire.expectSelected(page, 'node:30080');
    await page.locator('.side').evaluate((side) => side.scrollTo(0, side.scrollHeight));
    const above = await page.locator('.side').evaluate((side) => {
      const { left, top, width } = side.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + 3).closest('.desk')?.id;
    });
    expect(above).toBe('desk');
  });

  test('arrows go from tab to tab, and each file has an undo of its own', async ({ page }) => {
    await podwire.open(page);
    await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
    await tab(page, 'web.yaml').click();
    const web = await text(page);
    await podwire.write(page, web.replace('30080', '30099'));
    await expect(podwire.board(page)).toContainText('30099');
    await tab(page, 'web.yaml').focus();
    await page.keyboard.press('ArrowLeft');
    await expect(podwire.field(page)).not.toHaveValue(/30099/);
    await page.keyboard.press('ArrowRight');
    await expect(podwire.field(page)).toHaveValue(/30099/);
    await podwire.code(page).focus();
    await page.keyboard.press('Control+z');
    await expect(podwire.field(page)).toHaveValue(web);
  });

  test('files that were dropped by mistake give way to what was there', async ({ page }) => {
    await podwire.open(page, '/examples/headless');
    const before = await text(page);
    await podwire.drop(page, { 'web.yaml': await readFile(podwire.fixture('shop/web.yaml'), 'utf8') });
    await expect(podwire.board(page)).toContainText('30080');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(podwire.field(page)).toHaveValue(before);
    await expect(podwire.board(page)).not.toContainText('30080');
    expect(new URL(page.url()).pathname).toBe('/examples/headless');
  });

  test('what was dropped on an example is there after a reload', async ({ page }) => {
    await podwire.open(page, '/examples/headless');
    await podwire.drop(page, { 'web.yaml': await readFile(podwire.fixture('shop/web.yaml'), 'utf8') });
    await expect(podwire.board(page)).toContainText('30080');
    await page.reload();
    await expect(podwire.board(page)).toContainText('30080');
  });

  test('what was typed survives Back, and another tab knows nothing of it', async ({ page, context }) => {
    await podwire.open(page);
    await podwire.write(page, CART('cart'));
    await expect(podwire.board(page)).toContainText('7070');
    await page.goto('/rules');
    await page.goBack();
    await expect(podwire.board(page)).toContainText('7070');
    await expect(podwire.field(page)).toHaveValue(CART('cart'));
    const other = await context.newPage();
    await podwire.open(other);
    await expect(podwire.board(other)).toContainText('30008');
  });
});

test.describe('a document that breaks while it is typed', () => {
  test('leaves the last board, greyed, with the reason in words, until it can be read again', async ({ page }) => {
    await podwire.open(page);
    await caretAfter(page, 'type: NodePort');
    await page.keyboard.type(': x');
    await expect(held(page)).toBeVisible();
    await expect(page.getByRole('status').filter({ hasText: 'cannot be read' })).toContainText(/Line \d+ cannot be read: ./);
    await expect(podwire.board(page)).toContainText('30008');
    await expect(page.locator('#findings')).toContainText('yaml-syntax');
    await expect(podwire.code(page)).toBeFocused();
    await podwire.expectAccessible(page);
    // The board that is left can still be asked.
    await podwire.jack(page, 'node:30008').click();
    await podwire.expectSelected(page, 'node:30008');
    await podwire.code(page).focus();
    for (let key = 0; key < 3; key += 1) await page.keyboard.press('Backspace');
    await expect(held(page)).toHaveCount(0);
    await expect(page.locator('#held')).toBeEmpty();
    await podwire.expectSelected(page, 'node:30008');
  });

  test('is told from one that is deleted, and from one that drew nothing yet', async ({ page }) => {
    await podwire.open(page);
    const all = await text(page);
    await podwire.write(page, `${all}\n---\nkind: [`);
    await expect(page.locator('#findings')).toContainText('yaml-syntax');
    await expect(held(page)).toHaveCount(0);
    await podwire.write(page, `${all.split('---\n')[1]}\n---\nkind: [`);
    await expect(podwire.board(page)).not.toContainText('30008');
    await expect(held(page)).toHaveCount(0);
  });
});

test('redrawing keeps the selection, the focus and what is scrolled', async ({ page }) => {
  const many = Array.from({ length: 12 }, (_, index) => CART('cart').replaceAll('cart', `cart${index}`)).join('---\n');
  await podwire.open(page);
  await podwire.write(page, many);
  await expect(podwire.board(page)).toContainText('cart11');
  await podwire.jack(page, 'cart3.default:80').click();
  await podwire.expectSelected(page, 'cart3.default:80');
  await caretAfter(page, 'name: cart4}');
  await page.evaluate(() => scrollTo(0, 300));
  const scrolled = () => page.evaluate(() => [scrollY, document.querySelector('#code').shadowRoot.querySelector('.cm-scroller').scrollTop]);
  const before = await scrolled();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.type('x');
  await expect(podwire.board(page)).toContainText('cart4x');
  await expect(podwire.code(page)).toBeFocused();
  await podwire.expectSelected(page, 'cart3.default:80');
  expect(await scrolled()).toEqual(before);
});

test.describe('keys', () => {
  test('Tab goes through the editor, indents once one has typed, and after Escape goes on', async ({ page }) => {
    await podwire.open(page);
    const before = await text(page);
    await podwire.code(page).focus();
    await page.keyboard.press('Tab');
    await expect(podwire.code(page)).not.toBeFocused();
    await podwire.code(page).focus();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('#');
    await page.keyboard.press('Tab');
    await expect(podwire.code(page)).toBeFocused();
    await expect(podwire.field(page)).toHaveValue(`  #${before}`);
    await page.keyboard.press('Shift+Tab');
    await expect(podwire.field(page)).toHaveValue(`#${before}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await expect(podwire.code(page)).not.toBeFocused();
    await expect(podwire.field(page)).toHaveValue(`#${before}`);
  });

  test('the editor has a name, says how to leave it, and goes to the next finding', async ({ page }) => {
    await podwire.open(page, '/examples/broken');
    const box = page.getByRole('textbox', { name: 'Manifests' });
    await expect(box).toHaveAccessibleDescription(/Escape, then Tab/);
    await page.getByText('Manifests', { exact: true }).click();
    await expect(box).toBeFocused();
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('F8');
    await expect(page.locator('#live')).toContainText(/^error: selector asks for/);
  });

  test('searching in the text is the editor\'s own, and fits', async ({ page }) => {
    await podwire.open(page);
    await podwire.code(page).focus();
    await page.keyboard.press('Control+f');
    await page.locator('#code').getByRole('textbox', { name: 'Find' }).pressSequentially('30008');
    await expect(page.locator('#code .cm-searchMatch').first()).toBeVisible();
    await podwire.expectAccessible(page);
    await page.keyboard.press('Escape');
    await expect(podwire.code(page)).toBeFocused();
  });
});

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('the editor and its tabs fit', async ({ page }) => {
    await podwire.open(page);
    await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
    await expect(podwire.tabs(page)).toHaveCount(3);
    await podwire.expectNoSidewaysScroll(page);
    await podwire.expectAccessible(page);
  });
});

test('in forced colours what was found is still seen', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await podwire.open(page, '/examples/broken');
  const [mark, ground] = await margin(page, 'error').first().evaluate((each) => [getComputedStyle(each).backgroundColor, getComputedStyle(each.closest('.cm-editor')).backgroundColor]);
  expect(mark).not.toBe(ground);
});
