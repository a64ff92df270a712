// The limits of a server, as whoever works in a page meets them: not at all.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test('a key that is held down is never told to wait, and its last letter is drawn', async ({ page }) => {
  test.slow();
  await podwire.open(page);
  await podwire.jacks(page).first().click();
  const asked = [];
  page.on('response', (response) => { if (response.request().method() === 'POST') asked.push(response.status()); });
  await podwire.code(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('# ', { delay: 30 });
  // Each letter as a held key sends it: 400 of them are twice the burst that one client has.
  await page.keyboard.type('k'.repeat(400), { delay: 20 });
  await page.keyboard.type('\n---\napiVersion: v1\nkind: Service\nmetadata: {name: last}\nspec: {ports: [{port: 80}]}\n');
  await expect(podwire.board(page)).toContainText('last');
  expect(new Set(asked)).toEqual(new Set([200]));
  expect(asked.length).toBeGreaterThan(2);
});
