// The page of examples, and the examples in the editor.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test('every example has its board, its sentence, and a link that opens it in the editor', async ({ page }) => {
  await page.goto('/examples');
  const shown = page.locator('.gallery article');
  expect(await shown.count()).toBeGreaterThan(20);
  for (const each of await shown.all()) {
    await expect(each.locator('svg.board .card').first()).toBeAttached();
    await expect(each.locator('h3 + p')).not.toBeEmpty();
  }
  const mistake = page.locator('#port-name-missing');
  await expect(mistake.locator('.finding')).toHaveCount(1);
  await expect(mistake.locator('.finding')).toContainText('no container port is named "web"');
  await mistake.getByRole('link', { name: 'Open in the editor' }).click();
  await podwire.editorIsThere(page);
  await expect(podwire.code(page)).toContainText('The pods call their port http');
  await expect(podwire.brokenEnds(page)).toHaveCount(1);
});

test('the page is accessible', async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto('/examples');
  await podwire.expectAccessible(page);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

  test('it fits', async ({ page }) => {
    await page.goto('/examples');
    await podwire.expectNoSidewaysScroll(page);
  });
});
