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

test('the share dialog closes with Escape and gives the focus back', async ({ page }) => {
  await podwire.open(page);
  await page.locator('#share').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#shared')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('#shared')).toBeHidden();
  await expect(page.locator('#share')).toBeFocused();
});
