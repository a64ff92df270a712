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

test('the same text has one link until it changes, with what is selected', async ({ page }) => {
  await podwire.open(page);
  const first = await podwire.share(page);
  await page.locator('#shared .done').click();
  expect(await podwire.share(page)).toBe(first);
  await page.locator('#shared .done').click();

  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);
  const selected = new URL(await podwire.share(page));
  expect(selected.origin + selected.pathname).toBe(first);
  expect(selected.searchParams.get('at')).toBe(at);
  await page.locator('#shared .done').click();

  await podwire.write(page, (await podwire.field(page).inputValue()).replace('30008', '31236'));
  const edited = new URL(await podwire.share(page));
  expect(edited.pathname).not.toBe(selected.pathname);

  // A diagram that was made by editing another says nothing of it.
  const html = await (await page.request.get(edited.href)).text();
  const json = await (await page.request.get(`${edited.pathname}.json`)).text();
  const id = selected.pathname.split('/').pop();
  expect(html).toContain('31236');
  expect(html + json).not.toContain(id);
});

test('a deleted diagram is shared anew', async ({ page, complaints }) => {
  await podwire.open(page);
  const first = await podwire.share(page);
  const token = await page.locator('#shared .token').inputValue();
  await page.locator('#shared .done').click();
  await page.request.delete(`/api/v1/diagrams/${first.split('/').pop()}`, { headers: { authorization: `Bearer ${token}` } });
  expect((await page.request.get(first)).status()).toBe(410);
  const second = await podwire.share(page);
  expect((await page.request.get(second)).status()).toBe(200);
  // The page had to ask whether the first is still there.
  expect(complaints.splice(0)).toEqual([`410: ${first.replace('/d/', '/api/v1/diagrams/')}`]);
});

test('before it is shared it says who will see it, and for how long', async ({ page }) => {
  await podwire.open(page);
  await page.getByLabel('How long the link works').selectOption('1h');
  await page.locator('#share').click();
  await expect(page.locator('#shared')).toContainText('Whoever has the link can see it for 1 hour.');
  await expect(page.locator('#shared .stays')).toContainText('none is written, so all is in default');
});

test('the token is copied, and entered where the dialog says', async ({ page, browser, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await podwire.open(page);
  const link = await podwire.share(page);
  await page.getByRole('button', { name: 'Copy the token' }).click();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect(token).toBe(await page.locator('#shared .token').inputValue());
  const there = await page.getByRole('link', { name: 'the same page' }).getAttribute('href');
  await page.goto('/privacy');
  await expect(page.locator('main')).toContainText('closing the tab deletes it');
  await expect(page.locator('main')).toContainText('Delete it with its token');
  const elsewhere = await (await browser.newContext({ baseURL })).newPage();
  await elsewhere.goto(there);
  await podwire.scriptsAreThere(elsewhere);
  const field = elsewhere.getByRole('textbox', { name: 'Token' });
  await expect(field, 'the link opens it').toBeVisible();
  await expect(elsewhere.getByRole('button', { name: 'Delete', exact: true })).toHaveCount(1);
  await field.fill(token);
  await elsewhere.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('The diagram is deleted');
  expect((await page.request.get(link)).status()).toBe(410);
  await elsewhere.context().close();
});

test('whoever shares chooses how long the link works', async ({ page }) => {
  await podwire.open(page);
  const lifetime = page.getByLabel('How long the link works');
  await expect(lifetime).toHaveValue('30d');
  await lifetime.selectOption('1h');
  const link = await podwire.share(page);
  const { createdAt, expiresAt } = await (await page.request.get(link.replace('/d/', '/api/v1/diagrams/'))).json();
  expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(3_600_000);
});
