// Without JavaScript the form, the picture, the table and the links still work.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test.use({ javaScriptEnabled: false });

test('a text is posted and drawn, as a picture and as a table', async ({ page }) => {
  await podwire.open(page);
  const text = await podwire.field(page).inputValue();
  await podwire.write(page, text.replace('30008', '31236'));
  await podwire.drawButton(page).click();
  await expect(podwire.board(page)).toContainText('31236');
  await expect(podwire.field(page)).toHaveValue(/31236/);
  await expect(page.locator('#table')).toContainText('31236');
});

test('files are posted and drawn', async ({ page }) => {
  await podwire.open(page);
  await podwire.upload(page, '#files', [podwire.fixture('shop/web.yaml')], '30080');
});

test('a jack is a link that the server answers with the inspector', async ({ page }) => {
  await podwire.open(page);
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);
});
