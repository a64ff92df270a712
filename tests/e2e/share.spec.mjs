// Sharing: a link that others can open, that keeps secrets back, and that whoever made it can take away.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test('a folder is uploaded, one wire chosen, shared, opened by another, and deleted', async ({ page, browser }) => {
  await podwire.open(page);
  await podwire.upload(page, '#folder', podwire.fixture('shop'), '30080');
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);

  const link = await podwire.share(page);

  const other = await browser.newContext();
  const guest = await other.newPage();
  const answer = await podwire.open(guest, link);
  expect(answer.status()).toBe(200);
  expect(answer.headers()['x-robots-tag'] ?? (await guest.locator('meta[name=robots]').getAttribute('content'))).toContain('noindex');
  await expect(podwire.board(guest)).toContainText('30080');
  await expect(podwire.brokenEnds(guest).first()).not.toBeEmpty();
  await expect(guest.locator('#delete')).toBeHidden();
  const seen = await guest.content();
  for (const secret of ['correct-horse-battery', 'staple-of-the-shop', 'CART_DB_PASSWORD']) {
    expect(seen).not.toContain(secret);
  }

  // Whoever made it may be asked whether they mean it.
  page.on('dialog', (dialog) => dialog.accept());
  await podwire.open(page, link);
  await page.locator('#delete').click();
  await expect.poll(async () => (await other.request.get(link)).status()).toBe(410);
  const gone = await guest.goto(link);
  expect(gone.status()).toBe(410);
  await expect(guest.locator('main')).toContainText(/deleted|gone|expired/i);
  await expect(podwire.board(guest)).toHaveCount(0);
  await other.close();
});

test('the link opens the selection that was shared', async ({ page, browser }) => {
  await podwire.open(page);
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);
  const link = await podwire.share(page);
  const other = await browser.newContext();
  const guest = await other.newPage();
  await podwire.open(guest, link);
  await podwire.expectSelected(guest, at);
  await other.close();
});
