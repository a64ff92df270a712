// Groups of a board that fold into one card each: namespaces where there are several, else applications.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const NAMESPACES = ['billing', 'search', 'shop'];
const BROKEN = 5;

function wired(number, namespace = NAMESPACES[number % 3]) {
  const app = `app-${number}`;
  const port = number % 4 ? '' : `, nodePort: ${30000 + number}`;
  return `apiVersion: v1
kind: Service
metadata: {name: svc-${number}, namespace: ${namespace}}
spec: {type: ${port ? 'NodePort' : 'ClusterIP'}, selector: {app: ${number === BROKEN ? `${app}x` : app}}, ports: [{port: ${1000 + number}, targetPort: 8080${port}}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}, app.kubernetes.io/part-of: ${number % 2 ? 'store' : 'office'}}}
    spec: {containers: [{name: c, image: c, ports: [{containerPort: 8080}]}]}
`;
}

const many = (namespace) => Array.from({ length: 12 }, (_, number) => wired(number, namespace)).join('---\n');
const services = (page) => podwire.board(page).locator('.card.service');
const folded = (page) => podwire.board(page).locator('.card.folded');
const button = (page, name) => page.locator(`#fold-${name}`);
const asked = (page, name) => new URL(page.url()).searchParams.get(name);

/** Shares a text as a program does; answers with the path of its page. */
async function shared(request, text) {
  const answer = await request.post('/api/v1/diagrams', { data: text, headers: { 'content-type': 'application/yaml' } });
  return `/d/${(await answer.json()).id}`;
}

/** Where each wire to a card ends, and where that card's jack is. */
const ends = (page, name) => podwire.picture(page).evaluate((svg, card) => {
  const jack = svg.querySelector(`[data-card="fold:${card}"] .jack`).getAttribute('transform').match(/-?\d+/g).map(Number);
  const path = svg.querySelector(`[data-card="fold:${card}"]`).dataset.paths.split(' ');
  const wires = [...svg.querySelectorAll('.wire-g')].filter((wire) => wire.dataset.paths.split(' ').some((each) => path.includes(each)));
  const ends = wires.map((wire) => wire.querySelector('.wire').getAttribute('d').match(/-?\d+(\.\d+)?/g).map(Number).slice(-2));
  return { jack, ends: ends.filter(([x]) => x > jack[0] - 20 && x < jack[0] + 20) };
}, name);

test('a namespace folds into one card with counts, health and the wires to it; Back and reload keep it', async ({ page, request }) => {
  await podwire.open(page, await shared(request, many()));
  await expect(services(page)).toHaveCount(12);
  await button(page, 'shop').click();
  await expect(folded(page)).toHaveCount(1);
  await expect(services(page)).toHaveCount(8);
  await expect(folded(page)).toContainText('4 Services');
  await expect(folded(page)).toContainText('1 broken');
  await expect(folded(page)).toContainText('6 pods');
  await expect(podwire.board(page)).toContainText('1 node port');
  await expect(podwire.board(page)).toContainText('4 names of shop');
  const { jack, ends: at } = await ends(page, 'shop');
  expect(at, 'the node ports and the names inside end at its jack').toEqual([[jack[0] - 7, jack[1]], [jack[0] - 7, jack[1]]]);
  await expect(button(page, 'shop'), 'the focus stays').toBeFocused();
  await expect(page.locator('#live')).toHaveText('shop 4 Services, folded');
  await expect(page.locator('#table tbody tr')).toHaveCount(9);
  await expect(page.locator('#table')).toContainText('4 Services, 6 pods: 1 broken');
  expect(asked(page, 'fold')).toBe('shop');
  await page.reload();
  await expect(folded(page)).toHaveCount(1);
  await expect(button(page, 'shop')).toHaveAttribute('aria-expanded', 'false');
  await page.goBack();
  await expect(services(page)).toHaveCount(12);
  await page.goForward();
  await expect(folded(page)).toHaveCount(1);
  await podwire.expectAccessible(page);
  await page.locator('#table').getByRole('link', { name: 'shop', exact: true }).click();
  await expect(services(page)).toHaveCount(12);
});

test('by keyboard: to the groups, folding one, opening it from its card; zoom and place stay', async ({ page, request }) => {
  await podwire.open(page, await shared(request, many()));
  await page.locator('#board .scroll').focus();
  for (const key of ['+', '+', 'o']) await page.keyboard.press(key);
  await expect(button(page, 'billing')).toBeFocused();
  const zoom = await page.locator('#zoom-now').textContent();
  const top = await page.evaluate(() => scrollY);
  await page.keyboard.press('Enter');
  await expect(folded(page)).toHaveCount(1);
  await expect(page.locator('#zoom-now')).toHaveText(zoom);
  expect(await page.evaluate(() => scrollY)).toBe(top);
  await folded(page).getByRole('link', { name: 'Open namespace billing, folded: 4 Services, 8 pods' }).focus();
  await page.keyboard.press('Enter');
  await expect(folded(page)).toHaveCount(0);
  await expect(button(page, 'billing'), 'the card is gone; its button goes on').toBeFocused();
  await page.locator('.folds').getByRole('link', { name: 'Fold all' }).click();
  await expect(folded(page)).toHaveCount(3);
  await expect(services(page)).toHaveCount(0);
  await page.locator('.folds').getByRole('link', { name: 'Open all' }).click();
  await expect(services(page)).toHaveCount(12);
});

test('what is selected is never folded away, and stays while others fold', async ({ page, request }) => {
  const path = await shared(request, many());
  await podwire.open(page, `${path}?fold=shop,billing&at=svc-2.shop:1002`);
  await podwire.expectSelected(page, 'svc-2.shop:1002');
  await expect(folded(page)).toHaveCount(1);
  await expect(button(page, 'shop')).toHaveAttribute('aria-expanded', 'true');
  await button(page, 'search').click();
  await expect(folded(page)).toHaveCount(2);
  await podwire.expectSelected(page, 'svc-2.shop:1002');
  await button(page, 'shop').click();
  await expect(folded(page)).toHaveCount(3);
  expect(asked(page, 'at'), 'folding what is selected lets go of it').toBeNull();
  await page.locator('#findings .locate').first().click();
  await podwire.expectSelected(page, 'svc-5.shop:1005');
});

test('while one types and shares the groups stay folded', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, many());
  await expect(services(page)).toHaveCount(12);
  await button(page, 'search').click();
  await expect(folded(page)).toContainText('8 pods');
  await podwire.write(page, many().replaceAll('replicas: 2', 'replicas: 3'));
  await expect(folded(page)).toContainText('12 pods');
  const link = await podwire.share(page);
  expect(new URL(link).searchParams.get('fold')).toBe('search');
  await page.goto(link);
  await expect(folded(page)).toHaveCount(1);
});

test('within one namespace applications fold', async ({ page, request }) => {
  await podwire.open(page, await shared(request, many('shop')));
  await button(page, 'office').click();
  await expect(folded(page)).toContainText('application');
  await expect(services(page)).toHaveCount(6);
});

test('on a telephone a folded group is one of those that one turns over', async ({ page, request }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  const path = await shared(request, many());
  await page.goto(`${path}?fold=billing,search,shop`);
  await expect(page.locator('#strip .turn')).toContainText('1 of 3');
  await expect(page.locator('#strip .one')).toContainText('4 names of billing');
  await podwire.expectAccessible(page);
  await podwire.expectNoSidewaysScroll(page);
  await page.locator('#strip').getByRole('link', { name: 'Show each' }).click();
  await expect(page.locator('#strip .turn')).toContainText('of 6');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a shared diagram has links, and what is posted has buttons', async ({ page, request }) => {
    await page.goto(await shared(request, many()));
    await button(page, 'shop').click();
    await folded(page).getByRole('link').click();
    await expect(services(page)).toHaveCount(12);
    await podwire.open(page);
    await podwire.field(page).fill('');
    await page.locator('#files').setInputFiles({ name: 'many.yaml', mimeType: 'application/yaml', buffer: Buffer.from(many()) });
    await podwire.drawButton(page).click();
    await button(page, 'shop').click();
    await expect(folded(page)).toHaveCount(1);
    await button(page, 'shop').click();
    await expect(services(page)).toHaveCount(12);
  });
});
