// A telephone, upright.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

test('the page does not scroll sideways, and a jack opens the inspector', async ({ page }) => {
  await podwire.open(page);
  await podwire.expectNoSidewaysScroll(page);
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).tap();
  await podwire.expectSelected(page, at);
  await expect(podwire.inspector(page)).toBeInViewport();
  await podwire.expectNoSidewaysScroll(page);
});

test('a shared diagram, a rule and an error fit as well', async ({ page }) => {
  await podwire.open(page);
  const link = await podwire.share(page);
  for (const path of [link, '/rules/selector-matches-nothing', '/d/0000000000000000000000']) {
    await page.goto(path);
    await podwire.expectNoSidewaysScroll(page);
  }
});
