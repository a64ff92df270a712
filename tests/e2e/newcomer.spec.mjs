// Three things that somebody wants who never saw the page: why a Service does not answer, where a node port ends, and a link.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test('why does this Service not answer? The end of its wire is clicked', async ({ page }) => {
  await podwire.open(page, '/examples/selector-typo');
  await podwire.board(page).getByText('nobody answers', { exact: true }).first().click();
  await podwire.expectSelected(page, 'cart.default:80');
  await expect(podwire.inspector(page)).toContainText('selector asks for "app=cart", but Deployment "carts" carries "app=carts"');
  await page.keyboard.press('Escape');
  await podwire.board(page).locator('.wire-g.broken .cross').first().click({ force: true });
  await podwire.expectSelected(page, 'cart.default:80');
});

test('where does node port 30008 end? Trace is pressed before anything is written', async ({ page }) => {
  await podwire.open(page);
  await page.getByRole('button', { name: 'Trace', exact: true }).click();
  await expect(page.locator('#held')).toContainText('Write where a packet is sent: node:30008');
  await expect(page.locator('#trace')).toBeFocused();
  await page.keyboard.type('node:30008');
  await page.keyboard.press('Enter');
  await expect(podwire.inspector(page)).toContainText('Reaches 1 pod');
  await expect(page.locator('#held')).toBeEmpty();
});

test('share this view: the link opens it as it is', async ({ page }) => {
  await podwire.open(page);
  await podwire.jack(page, 'node:30008').click();
  await podwire.expectSelected(page, 'node:30008');
  await podwire.open(page, await podwire.share(page));
  await podwire.expectSelected(page, 'node:30008');
});
