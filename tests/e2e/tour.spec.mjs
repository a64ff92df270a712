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

test('from another example it leads to the first; a text that was changed comes back after it', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, 'apiVersion: v1\nkind: Service\nmetadata:\n  name: mine\nspec:\n  ports: [{port: 81}]\n');
  await expect(podwire.board(page)).toContainText('mine');
  await page.goto('/examples/headless');
  await podwire.editorIsThere(page);
  await page.locator('#help').click();
  await page.getByRole('link', { name: 'Read the first example step by step' }).click();
  await expect(panel(page)).toContainText('Step 1 of 8');
  await expect(podwire.jack(page, 'node:30008')).toBeVisible();
  await expect(told(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(podwire.board(page)).toContainText('mine');
  await expect(panel(page)).toBeHidden();
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
