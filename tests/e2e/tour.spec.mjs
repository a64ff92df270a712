// The guided reading of the first example.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;
const offer = (page) => page.getByText('Read this board in 8 steps');
const panel = (page) => page.locator('#tour-panel');
const told = (page) => podwire.board(page).locator('.row.told');

test('it goes forth and back, lights what it speaks of, and is over after the last step', async ({ page }) => {
  await podwire.open(page);
  await offer(page).click();
  await expect(panel(page)).toContainText('Step 1 of 8');
  await expect(page.locator('#live')).toContainText('Step 1 of 8. You and the node');
  await expect(page.locator('#tour-back')).toBeDisabled();
  await page.locator('#tour-next').click();
  await expect(panel(page)).toContainText('nodePort: 30008');
  await expect(told(page)).toHaveCount(1);
  await expect(told(page)).toHaveAttribute('data-at', 'node:30008');
  await expect(page.locator('#code .cm-marked')).toContainText('nodePort: 30008');
  await page.locator('#tour-next').click();
  await page.locator('#tour-next').click();
  await expect(panel(page)).toContainText('targetPort: 80');
  await page.locator('#tour-next').click();
  await expect(panel(page)).toContainText('Labels and selector');
  await expect(page.locator('#code .cm-marked')).toHaveCount(4);
  await expect(podwire.board(page).locator('.wire-g.told')).toHaveCount(1);
  await page.locator('#tour-back').click();
  await expect(panel(page)).toContainText('Step 4 of 8');
  for (let step = 4; step < 8; step += 1) await page.locator('#tour-next').click();
  await expect(panel(page)).toContainText('Your turn');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(panel(page)).toBeHidden();
  await expect(podwire.picture(page)).not.toHaveClass(/touring/);
  await expect(page.locator('#code .cm-marked')).toHaveCount(0);
});

test('by keyboard alone: arrows, and Escape gives the focus back', async ({ page }) => {
  await podwire.open(page);
  await page.locator('#tour summary').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#tour-next')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(panel(page)).toContainText('Step 3 of 8');
  await page.keyboard.press('ArrowLeft');
  await expect(panel(page)).toContainText('Step 2 of 8');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toBeHidden();
  await expect(page.locator('#board .scroll')).toBeFocused();
});

test('who says no is not asked again, and finds it with the keys', async ({ page }) => {
  await podwire.open(page);
  await page.getByRole('button', { name: 'Do not offer the guided reading again' }).click();
  await expect(offer(page)).toBeHidden();
  await page.reload();
  await podwire.editorIsThere(page);
  await expect(offer(page)).toBeHidden();
  await page.locator('#help').click();
  await page.getByRole('link', { name: 'Read the first example step by step' }).click();
  await expect(panel(page)).toContainText('Step 1 of 8');
});

const MINE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: mine\nspec:\n  ports: [{port: 81}]\n';

/** Opens a board of somebody's own, in two files, with something selected. */
async function openMine(page) {
  await podwire.open(page);
  await podwire.drop(page, { 'mine.yaml': MINE, 'other.yaml': MINE.replace('mine', 'other') });
  await expect(podwire.board(page)).toContainText('other');
  await podwire.tabs(page).nth(1).click();
  await podwire.jack(page, 'other.default:81').click();
  await podwire.expectSelected(page, 'other.default:81');
}

async function expectMine(page) {
  await expect(podwire.board(page)).toContainText('other');
  await expect(podwire.tabs(page)).toHaveText([/^mine\.yaml/, /^other\.yaml/]);
  await expect(podwire.tabs(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await expect(podwire.field(page)).toHaveValue(MINE.replace('mine', 'other'));
  await podwire.expectSelected(page, 'other.default:81');
}

for (const [way, over] of [
  ['skipped', (page) => page.getByRole('button', { name: 'Skip' }).click()],
  ['left by Escape', (page) => page.keyboard.press('Escape')],
  ['over', async (page) => { for (let step = 0; step < 7; step += 1) await page.locator('#tour-next').click(); }],
  ['broken off by a reload', (page) => page.reload()],
]) {
  test(`on a board of one's own it reads an example, and what was there is back when it is ${way}`, async ({ page }) => {
    await openMine(page);
    await expect(page.locator('#tour summary')).toHaveText('New to Services? Read an example in 8 steps');
    await page.locator('#tour summary').click();
    await expect(podwire.jack(page, 'node:30008')).toBeVisible();
    await expect(page.locator('#note')).toContainText('What you had here comes back');
    await page.locator('#tour-next').click();
    await expect(told(page)).toHaveCount(1);
    await over(page);
    await podwire.editorIsThere(page);
    await expect(panel(page)).toBeHidden();
    await expectMine(page);
    await page.reload();
    await podwire.editorIsThere(page);
    await expectMine(page);
  });
}

test('files that are dropped while it is read are worked on, and it is over', async ({ page }) => {
  await openMine(page);
  await page.locator('#tour summary').click();
  await expect(podwire.jack(page, 'node:30008')).toBeVisible();
  await podwire.drop(page, { 'third.yaml': MINE.replace('mine', 'third') });
  await expect(podwire.board(page)).toContainText('third');
  await expect(panel(page)).toBeHidden();
  await page.reload();
  await expect(podwire.board(page)).toContainText('third');
});

test('from another example it leads to the first and back; a text that was changed comes back after it', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, MINE);
  await expect(podwire.board(page)).toContainText('mine');
  await page.goto('/examples/headless');
  await podwire.scriptsAreThere(page);
  await podwire.editorIsThere(page);
  await page.locator('#help').click();
  await page.getByRole('link', { name: 'Read the first example step by step' }).click();
  await expect(panel(page)).toContainText('Step 1 of 8');
  await expect(podwire.jack(page, 'node:30008')).toBeVisible();
  await expect(told(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Skip' }).click();
  await expect(podwire.board(page)).toContainText('mine');
  await expect(panel(page)).toBeHidden();
  await page.getByRole('button', { name: 'Back to where you were' }).click();
  await expect(page).toHaveURL(/\/examples\/headless$/);
});

test('it stays while one edits, and is accessible', async ({ page }) => {
  test.slow();
  await podwire.open(page);
  await offer(page).click();
  for (let step = 1; step < 7; step += 1) await page.locator('#tour-next').click();
  await podwire.expectAccessible(page);
  const text = await podwire.field(page).inputValue();
  await podwire.write(page, text.replace(/.*nodePort: 30008\n/, ''));
  await expect(podwire.board(page).locator('[data-term=node-port-allocated]').first()).toBeVisible();
  await expect(panel(page)).toContainText('Step 7 of 8');
  await expect(podwire.picture(page)).toHaveClass(/touring/);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

  test('what it says and what it lights are seen together', async ({ page }) => {
    await page.goto('/');
    await podwire.editorIsThere(page);
    await offer(page).tap();
    for (let step = 1; step < 4; step += 1) await page.locator('#tour-next').tap();
    await podwire.expectNoSidewaysScroll(page);
    await expect(panel(page)).toBeInViewport({ ratio: 1 });
    const spots = page.locator('#strip .spot.told');
    await expect(spots).toHaveCount(1);
    await expect(spots).toBeInViewport();
  });
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('its steps are a list', async ({ page }) => {
    await page.goto('/');
    await offer(page).click();
    await expect(page.locator('.tour-steps > li')).toHaveCount(8);
    await expect(page.locator('.tour-steps')).toContainText('Labels and selector');
  });
});
