// The keyboard alone.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

/** Presses Tab until `locator` has the focus, at most `limit` times. */
async function tabTo(page, locator, limit = 80) {
  for (let i = 0; i < limit; i += 1) {
    await page.keyboard.press('Tab');
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${limit} times Tab did not reach ${locator}`);
}

test('Tab reaches a jack, which lights its path; Enter selects it', async ({ page }) => {
  await podwire.open(page);
  const at = await podwire.firstJack(page);
  const jack = podwire.jack(page, at);
  await tabTo(page, jack);
  await expect(podwire.board(page).locator('svg.lighting')).toBeVisible();
  await expect(podwire.board(page).locator('.lit').first()).toBeAttached();
  await page.keyboard.press('Enter');
  await podwire.expectSelected(page, at);
  await expect(jack, 'the focus stays where it was').toBeFocused();
});

test('from an upload to a shared link without a pointer: find what is broken, read why, fix it, share it', async ({ page }) => {
  test.slow();
  await podwire.open(page);
  await tabTo(page, page.locator('#files'));
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await (await chooser).setFiles(podwire.example('selector-typo'));
  await expect(podwire.brokenEnds(page)).toHaveCount(1);
  await expect(page.locator('#live')).toContainText('1 broken');

  // Keys of one sign work wherever nothing is written.
  await page.keyboard.press('b');
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
  await expect(podwire.brokenEnds(page)).toHaveCount(1);
  await page.keyboard.press('/');
  await page.keyboard.type('cart');
  await page.keyboard.press('ArrowDown');
  const jack = page.locator('#board a.jack-link:focus');
  await expect(jack).toHaveCount(1);
  await expect(podwire.board(page).locator('.flag.lit, .lit .flag, .lit.broken').first()).toBeAttached();
  await page.keyboard.press('Enter');
  await expect(podwire.inspector(page)).toContainText('selector asks for "app=cart"');
  await expect(page.locator('#live')).toContainText('reaches nobody');

  const fix = podwire.inspector(page).getByRole('button', { name: /write "carts"|Apply/ });
  await tabTo(page, fix);
  await expect(fix).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(podwire.brokenEnds(page)).toHaveCount(0);
  await expect(podwire.field(page)).toHaveValue(/app: carts\n {2}ports/);

  await tabTo(page, page.locator('#share'));
  await page.keyboard.press('Enter');
  await expect(page.locator('#shared')).toContainText('What the link will show');
  await tabTo(page, page.locator('#share-now'));
  await page.keyboard.press('Enter');
  await expect(page.locator('#shared #share-link')).toHaveValue(/\/d\/[0-9A-Za-z]{20,}/);
  const focus = page.locator('#shared :focus');
  await expect(focus).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(page.locator('#share')).toBeFocused();
});

test('the share dialog closes with Escape and gives the focus back', async ({ page }) => {
  await podwire.open(page);
  await page.locator('#share').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#shared')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('#shared')).toBeHidden();
  await expect(page.locator('#share')).toBeFocused();
});

test('the board shows that it has the focus, and Enter and arrows lead into it', async ({ page }) => {
  await podwire.open(page);
  const scroll = page.locator('#board .scroll');
  for (const key of ['Enter', 'ArrowDown', 'ArrowRight']) {
    await tabTo(page, scroll);
    const style = await scroll.evaluate((element) => {
      const { outlineStyle, outlineOffset } = getComputedStyle(element);
      return [outlineStyle, parseFloat(outlineOffset)];
    });
    expect(style, 'the ring is within what is seen').toEqual(['solid', -2]);
    await page.keyboard.press(key);
    await expect(page.locator('#board a.jack-link:focus')).toHaveCount(1);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Shift+Tab');
  }
});

test('arrows go along the wires and between rows', async ({ page }) => {
  await podwire.open(page, '/examples/multi-port');
  const focused = page.locator('#board a.jack-link:focus');
  const at = () => focused.getAttribute('data-at');
  const service = podwire.board(page).locator('.card.service a.jack-link').first();
  await service.focus();
  const first = await at();
  await page.keyboard.press('ArrowDown');
  const second = await at();
  expect(second).not.toBe(first);
  await page.keyboard.press('ArrowUp');
  expect(await at()).toBe(first);
  await page.keyboard.press('End');
  const last = await at();
  await page.keyboard.press('ArrowDown');
  expect(await at(), 'the last row is the last').toBe(last);
  await page.keyboard.press('Home');
  expect(await at()).toBe(first);

  const paths = (await focused.getAttribute('data-paths')).split(' ');
  for (const [key, card] of [['ArrowRight', '.card.pods'], ['ArrowLeft', '.card.service'], ['ArrowLeft', '.card.way-in']]) {
    await page.keyboard.press(key);
    await expect(page.locator(`#board ${card} a.jack-link:focus`), `${key} leads to ${card}`).toHaveCount(1);
    const through = (await focused.getAttribute('data-paths')).split(' ');
    expect(through.some((path) => paths.includes(path)), 'along its own wire').toBe(true);
  }
  await page.keyboard.press('Enter');
  await podwire.expectSelected(page, await at());
  await page.keyboard.press('Escape');
  await expect(podwire.inspector(page).locator('h2')).toHaveCount(0);
});

test('keys of one sign: search, trace, broken only, help; none of them while one writes', async ({ page }) => {
  await podwire.open(page);
  const find = page.locator('#find');
  const help = page.getByRole('dialog', { name: 'Keys' });
  await page.keyboard.press('/');
  await expect(find).toBeFocused();
  await page.keyboard.type('b?/');
  await expect(find).toHaveValue('b?/');
  await expect(help).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(find).toHaveValue('');
  await page.keyboard.press('Escape');
  await expect(find).not.toBeFocused();
  await page.keyboard.press('t');
  await expect(page.locator('#trace')).toBeFocused();
  await page.locator('#help').focus();
  await page.keyboard.press('b');
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('b');
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('?');
  await expect(help).toBeVisible();
  await podwire.expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(page.locator('#help'), 'the focus goes back').toBeFocused();
});

test('keys of one sign can be turned off, for good', async ({ page }) => {
  await podwire.open(page);
  await page.keyboard.press('?');
  await page.getByRole('checkbox', { name: 'Keys of one sign work' }).uncheck();
  await page.keyboard.press('Escape');
  await page.reload();
  await podwire.editorIsThere(page);
  await page.keyboard.press('/');
  await expect(page.locator('#find')).not.toBeFocused();
  await page.locator('#help').click();
  await expect(page.getByRole('checkbox', { name: 'Keys of one sign work' })).not.toBeChecked();
});

test('Escape clears the selection first and the search then', async ({ page }) => {
  await podwire.open(page);
  await page.locator('#find').fill('myapp');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(podwire.inspector(page).locator('h2')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(podwire.inspector(page).locator('h2')).toHaveCount(0);
  await expect(page.locator('#find')).toHaveValue('myapp');
  await page.keyboard.press('Escape');
  await expect(page.locator('#find')).toHaveValue('');
});

test('whoever applies a fix by keyboard, or starts over, goes on from the board', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  const scroll = podwire.board(page).locator('.scroll');
  await page.locator('#findings .fix').first().focus();
  await page.keyboard.press('Enter');
  await expect(scroll).toBeFocused();
  await page.reload();
  await podwire.scriptsAreThere(page);
  await podwire.editorIsThere(page);
  await page.getByRole('button', { name: 'Start over' }).focus();
  await page.keyboard.press('Enter');
  await expect(scroll).toBeFocused();
});
