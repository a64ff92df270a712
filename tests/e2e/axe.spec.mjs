// Every sort of page, in light and in dark.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test('the first page', async ({ page }) => {
  await podwire.open(page);
  await podwire.expectAccessible(page);
});

test('a board with a broken end and something selected', async ({ page }) => {
  await podwire.open(page);
  await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);
  await podwire.expectAccessible(page);
});

test('the share dialog and a shared diagram', async ({ page }) => {
  await podwire.open(page);
  const link = await podwire.share(page);
  await podwire.expectAccessible(page);
  await podwire.open(page, link);
  await page.locator('.elsewhere summary').click();
  await podwire.expectAccessible(page);
});

test('a board that is framed, and what stands there once it is gone', async ({ page }) => {
  await podwire.open(page);
  const link = await podwire.share(page);
  for (const [address, status] of [[`${link}?embed=1`, 200], ['/d/0000000000000000000000?embed=1', 404]]) {
    expect((await page.goto(address)).status()).toBe(status);
    await podwire.expectAccessible(page);
  }
});

test('a rule', async ({ page }) => {
  const answer = await page.goto('/rules/selector-matches-nothing');
  expect(answer.status()).toBe(200);
  await podwire.expectAccessible(page);
});

test('a link that nobody knows', async ({ page }) => {
  const answer = await page.goto('/d/0000000000000000000000');
  expect(answer.status()).toBe(404);
  await podwire.expectAccessible(page);
});

for (const path of ['/rules', '/privacy', '/examples/gateway']) {
  test(`the page ${path}`, async ({ page }) => {
    test.slow();
    expect((await page.goto(path)).status()).toBe(200);
    await podwire.expectAccessible(page);
  });
}
