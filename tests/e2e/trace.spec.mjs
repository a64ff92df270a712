// The trace field: an address lights its way, and the inspector tells its hops and shares.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const field = (page) => page.getByLabel('Trace an address');
const lit = (page) => podwire.board(page).locator('a.jack-link.lit');
const litAt = (page) => lit(page).evaluateAll((rows) => rows.map((row) => row.dataset.at));
const traceOf = (page) => new URL(page.url()).searchParams.get('trace');

async function trace(page, to) {
  await field(page).fill(to);
  await field(page).press('Enter');
  await expect(podwire.inspector(page).locator('h2')).toHaveText(to);
}

test('an address lights its way alone, and every pod has its share', async ({ page }) => {
  await podwire.open(page, '/examples/named-ports');
  await trace(page, 'node:30080');
  await expect(podwire.jack(page, 'node:30080')).toHaveAttribute('aria-current', 'true');
  const way = ['node:30080', 'api.default:80', 'pods:Deployment/api-v1.default:8080', 'pods:Deployment/api-v2.default:9090'];
  expect(await litAt(page)).toEqual(way);
  await expect(podwire.inspector(page).locator('.share')).toHaveText(['33.3 % each', '33.3 %']);
  await expect(podwire.inspector(page).locator('.sub')).toContainText('Reaches 3 pods');
  await expect.poll(() => traceOf(page), 'the URL keeps the trace').toBe('node:30080');
  await podwire.expectAccessible(page);
  // Pointing elsewhere and away again leaves the trace lit.
  await podwire.jack(page, 'in:api.default').hover();
  await expect(podwire.jack(page, 'in:api.default')).toHaveClass(/\blit\b/);
  await page.mouse.move(2, 2);
  await expect(podwire.jack(page, 'in:api.default')).not.toHaveClass(/\blit\b/);
  await page.reload();
  await expect(podwire.inspector(page).locator('h2')).toHaveText('node:30080');
  await expect(lit(page)).toHaveCount(4);
});

test('the trace follows the text that is typed, and Back and a jack end it', async ({ page }) => {
  await podwire.open(page);
  await trace(page, 'node:30008');
  const text = await podwire.field(page).inputValue();
  await podwire.write(page, text.replace('30008', '30009'));
  await expect(podwire.inspector(page).locator('.broken')).toContainText('The nearest is node:30009');
  await podwire.inspector(page).getByRole('link', { name: 'Trace node:30009' }).click();
  await expect(podwire.inspector(page).locator('.share')).toHaveText('100 %');
  expect(traceOf(page)).toBe('node:30009');
  await page.goBack();
  await expect(field(page)).toHaveValue('node:30008');
  await expect(podwire.inspector(page).locator('.broken')).toBeVisible();
  await podwire.jack(page, 'node:30009').click();
  await podwire.expectSelected(page, 'node:30009');
  await expect(field(page)).toHaveValue('');
  expect(traceOf(page)).toBeNull();
});

test('an address that leads nowhere says why', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  for (const [to, why] of [
    ['cart.default:80', 'app=carts'],
    ['logs.default:514', 'Write logs.default:514/udp'],
    ['crat', 'The nearest is cart.default'],
    ['node', 'a node is dialled on a port'],
    ['http://shop.example.com/cart', 'No Service, node, load balancer or route'],
  ]) {
    await trace(page, to);
    await expect(podwire.inspector(page)).toContainText(new RegExp(why.replace('/', '\\/'), 'i'));
  }
  await podwire.expectAccessible(page);
});

test('a shared diagram is traced, and the link of a traced board opens traced', async ({ page }) => {
  await podwire.open(page, '/examples/load-balancer');
  await trace(page, '203.0.113.7:53/udp');
  const link = await podwire.share(page);
  expect(link).toContain('?trace=203.0.113.7:53/udp');
  await podwire.open(page, link);
  await expect(podwire.inspector(page).locator('.share')).toHaveText('50 % each');
  await trace(page, 'web.default:443');
  await expect(podwire.inspector(page).locator('.share')).toHaveText('12.5 % each');
  expect(traceOf(page)).toBe('web.default:443');
});

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

  test('the field fits', async ({ page }) => {
    await podwire.open(page, '/?trace=node:30008');
    await podwire.expectNoSidewaysScroll(page);
    await expect(field(page)).toBeInViewport();
    await expect(podwire.inspector(page)).toBeInViewport();
  });
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the field asks the same page, and a text that was posted is traced with it', async ({ page }) => {
    await podwire.open(page, '/examples/named-ports');
    await trace(page, 'api.default');
    expect(new URL(page.url()).pathname).toBe('/examples/named-ports');
    expect(await litAt(page)).toContain('in:api.default');
    await expect(podwire.inspector(page).locator('.share')).toHaveCount(2);
    await podwire.write(page, (await podwire.field(page).inputValue()).replace('30080', '31236'));
    await podwire.drawButton(page).click();
    await expect(podwire.board(page)).toContainText('31236');
    await trace(page, 'node:31236');
    await expect(podwire.inspector(page).locator('.share')).toHaveCount(2);
  });
});
