// Large uploads: an overview in the place of a board that nobody could read, boards of parts of it, and filters.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const NAMESPACES = ['billing', 'search', 'shop'];
const BROKEN = [17, 44];
const TYPES = ['ClusterIP', 'NodePort', 'LoadBalancer'];

function wired(number, namespace = NAMESPACES[number % 3]) {
  const app = `app-${String(number).padStart(3, '0')}`;
  return `apiVersion: v1
kind: Service
metadata: {name: svc-${number}, namespace: ${namespace}}
spec:
  type: ${TYPES[number % 10] ?? 'ClusterIP'}
  selector: {app: ${BROKEN.includes(number) ? `${app}x` : app}}
  ports: [{name: http, port: ${1000 + number}, targetPort: 8080}]
---
apiVersion: apps/v1
kind: ${number % 7 ? 'Deployment' : 'StatefulSet'}
metadata: {name: ${app}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec: {containers: [{name: c, image: c, ports: [{containerPort: 8080}]}]}
`;
}

const many = (count, namespace) => Array.from({ length: count }, (_, number) => wired(number, namespace)).join('---\n');
const large = many(180);
const oneNamespace = many(200, 'shop');

const overview = (page) => page.locator('#overview');
const services = (page) => podwire.board(page).locator('.card.service');
const shown = (page) => page.locator('#shown');
const filter = (page, name) => page.getByLabel(name, { exact: true });
const asked = (page, name) => new URL(page.url()).searchParams.get(name);
const svgElements = (page) => page.locator('#board svg *').count();
const clearFilters = (page) => page.locator('#filters .clear');

async function openText(page, text) {
  await podwire.open(page);
  await podwire.write(page, text);
  await expect(overview(page)).toBeVisible();
}

/** Shares a text as a program does; answers with the path of its page. */
async function shared(request, text) {
  const answer = await request.post('/api/v1/diagrams', { data: text, headers: { 'content-type': 'application/yaml' } });
  return `/d/${(await answer.json()).id}`;
}

test('what is typed in numbers is an overview: the broken first, then namespaces with counts and health', async ({ page }) => {
  await openText(page, large);
  await expect(overview(page).getByRole('heading', { level: 2 })).toHaveText('180 Services in 3 namespaces');
  await expect(services(page)).toHaveCount(0);
  await expect(overview(page).locator('.broken-first li')).toHaveCount(BROKEN.length);
  await expect(overview(page).locator('.broken-first')).toContainText('svc-17 Service in shop one letter off');
  const groups = overview(page).locator('.groups li');
  await expect(groups).toHaveCount(3);
  // Those with something broken stand first.
  await expect(groups.nth(0)).toContainText('shop');
  await expect(groups.nth(0)).toContainText('60 Services, 120 pods');
  await expect(groups.nth(0)).toContainText('2 broken');
  await expect(groups.nth(2)).toContainText('nothing broken');
  await expect(page.locator('#table tbody tr')).toHaveCount(3);
  await expect(page.locator('#table')).toContainText('60 Services');
  expect(await svgElements(page)).toBeLessThan(200);
});

test('a broken Service opens a board of its own, and Back, reload and Back again keep their places', async ({ page }) => {
  await openText(page, large);
  await overview(page).getByRole('link', { name: 'svc-17' }).click();
  await expect(services(page)).toHaveCount(1);
  await expect(shown(page)).toHaveText('1 of 180 Services');
  await podwire.expectSelected(page, 'svc-17.shop:1017');
  expect(asked(page, 'service')).toBe('svc-17.shop');
  await page.reload();
  await podwire.editorIsThere(page);
  await expect(services(page)).toHaveCount(1);
  await page.locator('#filters').getByRole('link', { name: 'shop', exact: true }).click();
  await expect(services(page)).toHaveCount(60);
  expect(asked(page, 'ns')).toBe('shop');
  await page.goBack();
  await expect(services(page)).toHaveCount(1);
  await page.goBack();
  await expect(overview(page)).toBeVisible();
  expect(new URL(page.url()).search).toBe('');
});

test('a namespace with too many Services has boards to turn over, none with too many elements', async ({ page }) => {
  await openText(page, oneNamespace);
  await expect(overview(page).getByRole('heading', { level: 2 })).toHaveText(/^200 Services in shop, on \d boards$/);
  await overview(page).locator('.groups a').first().click();
  await expect(services(page).first()).toBeVisible();
  const boards = Number(/of (\d+)/.exec(await page.locator('.crumbs b').textContent())[1]);
  const seen = new Set();
  for (let board = 1; board <= boards; board += 1) {
    await expect(page.locator('.crumbs b')).toHaveText(`Board ${board} of ${boards}`);
    expect(await svgElements(page)).toBeLessThanOrEqual(3000);
    for (const name of await services(page).evaluateAll((cards) => cards.map((card) => card.dataset.card))) seen.add(name);
    if (board < boards) await page.keyboard.press(']');
  }
  expect(seen.size, 'every Service stands on a board').toBe(200);
  await page.keyboard.press('[');
  await expect(page.locator('.crumbs b')).toHaveText(`Board ${boards - 1} of ${boards}`);
});

test('words find among all Services, and what is found is a board', async ({ page }) => {
  await openText(page, large);
  await page.keyboard.press('Escape');
  const find = page.getByRole('searchbox', { name: 'Find on the board' });
  await find.fill('1042');
  await expect(services(page)).toHaveCount(1);
  await expect(podwire.board(page)).toContainText('svc-42');
  await expect(find).toBeFocused();
  await find.fill('nothing-is-called-so');
  await expect(podwire.board(page)).toContainText('Nothing matches: words nothing-is-called-so.');
  await podwire.board(page).getByRole('link', { name: 'Clear filters' }).click();
  await expect(overview(page)).toBeVisible();
  await expect(find).toHaveValue('');
});

test('namespace, type and workload choose together, with "broken only", by keys, and are cleared as one', async ({ page }) => {
  await openText(page, large);
  await page.locator('#board .scroll').focus();
  await page.keyboard.press('n');
  await expect(filter(page, 'Namespace')).toBeFocused();
  await filter(page, 'Namespace').selectOption('shop');
  await expect(shown(page)).toHaveText('60 of 180 Services');
  await filter(page, 'Type').selectOption('NodePort');
  await expect(shown(page)).toHaveText('6 of 180 Services');
  await filter(page, 'Workload').selectOption('StatefulSet');
  await expect(shown(page)).toHaveText('1 of 180 Services');
  await expect(filter(page, 'Namespace'), 'a redraw leaves the focus').toBeFocused();
  expect(['ns', 'type', 'workload'].map((name) => asked(page, name))).toEqual(['shop', 'NodePort', 'StatefulSet']);
  await page.reload();
  await podwire.editorIsThere(page);
  await expect(shown(page)).toHaveText('1 of 180 Services');
  await page.getByRole('button', { name: 'Broken only' }).click();
  await expect(podwire.board(page)).toContainText('Nothing matches: broken only, namespace shop, type NodePort, workload StatefulSet.');
  await page.goBack();
  await expect(services(page)).toHaveCount(1);
  await expect(filter(page, 'Workload')).toHaveValue('StatefulSet');
  await page.goBack();
  await expect(filter(page, 'Workload')).toHaveValue('');
  await page.locator('#board .scroll').focus();
  await page.keyboard.press('c');
  await expect(overview(page)).toBeVisible();
  await expect(filter(page, 'Namespace')).toHaveValue('');
});

test('one workload shows every Service that leads to it', async ({ page }) => {
  await podwire.open(page, '/examples/multi-port');
  const count = await services(page).count();
  await page.goto('/examples/multi-port?workload=Deployment/nobody');
  await expect(podwire.board(page)).toContainText('Nothing matches: workload Deployment/nobody.');
  await clearFilters(page).click();
  await expect(services(page)).toHaveCount(count);
});

test('a trace and an address of the board open the board that has them', async ({ page, request }) => {
  const path = await shared(request, large);
  await podwire.open(page, `${path}?at=svc-42.billing:1042`, overview);
  await podwire.expectSelected(page, 'svc-42.billing:1042');
  await expect(services(page)).toHaveCount(1);
  await page.goto(path);
  await page.getByLabel('Trace an address').fill('svc-43.search:1043');
  await page.keyboard.press('Enter');
  await expect(services(page)).toHaveCount(1);
  await expect(podwire.inspector(page).locator('h2')).toHaveText('svc-43.search:1043');
});

test('a shared diagram is swapped in part, and its address keeps the board', async ({ page, request }) => {
  const path = await shared(request, large);
  await page.goto(path);
  await page.evaluate(() => { window.stays = true; });
  await overview(page).getByRole('link', { name: 'search', exact: true }).click();
  await expect(services(page)).toHaveCount(60);
  await filter(page, 'Type').selectOption('ClusterIP');
  await expect(shown(page)).toHaveText('48 of 180 Services');
  expect(await page.evaluate(() => window.stays), 'the page was not loaded anew').toBe(true);
  await page.reload();
  await expect(shown(page)).toHaveText('48 of 180 Services');
  const jack = podwire.jacks(page).first();
  const at = await jack.getAttribute('data-at');
  await jack.click();
  await podwire.expectSelected(page, at);
  expect(asked(page, 'ns'), 'selecting stays on the board').toBe('search');
  await page.goBack();
  await page.goBack();
  await expect(services(page)).toHaveCount(60);
  await page.goBack();
  await expect(overview(page)).toBeVisible();
});

test('on a board that is higher than the screen the clients inside stand where one sees them first', async ({ page }) => {
  const plain = (index) => `apiVersion: v1\nkind: Service\nmetadata: {name: svc-${index}}\nspec: {selector: {app: a}, ports: [{port: 80}]}\n`;
  await podwire.open(page);
  await podwire.write(page, Array.from({ length: 30 }, (_, index) => plain(index)).join('---\n'));
  await expect(services(page)).toHaveCount(30);
  await page.evaluate(() => scrollTo(0, 0));
  await expect(podwire.board(page).getByText('inside the cluster', { exact: true })).toBeInViewport();
});

test('the share dialog links to the same board', async ({ page }) => {
  await openText(page, large);
  await filter(page, 'Namespace').selectOption('shop');
  await expect(services(page)).toHaveCount(60);
  const link = await podwire.share(page);
  expect(new URL(link).searchParams.get('ns')).toBe('shop');
  await page.goto(link);
  await expect(services(page)).toHaveCount(60);
});

test('a frame shows the overview, and its links stay in the frame', async ({ page, request }) => {
  const path = await shared(request, large);
  await page.goto(`${path}?embed=1&theme=dark`);
  await page.getByRole('link', { name: 'shop', exact: true }).click();
  await expect(page.locator('.card.service')).toHaveCount(60);
  expect(asked(page, 'embed')).toBe('1');
  expect(asked(page, 'theme')).toBe('dark');
});

test('an overview and a filtered board are accessible, and fit a telephone', async ({ page, request }) => {
  const path = await shared(request, large);
  test.slow();
  for (const query of ['', '?ns=shop&type=NodePort']) {
    await page.goto(path + query);
    await podwire.expectAccessible(page);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  for (const query of ['', '?ns=shop', '?ns=none']) {
    await page.goto(path + query);
    await podwire.expectNoSidewaysScroll(page);
  }
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a shared diagram has plain links and a form', async ({ page, request }) => {
    await page.goto(await shared(request, large));
    await overview(page).getByRole('link', { name: 'shop', exact: true }).click();
    await expect(services(page)).toHaveCount(60);
    await filter(page, 'Type').selectOption('NodePort');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect(shown(page)).toHaveText('6 of 180 Services');
    const jack = podwire.jacks(page).first();
    await jack.click();
    expect(asked(page, 'type'), 'a jack keeps the board').toBe('NodePort');
    await clearFilters(page).click();
    await expect(overview(page)).toBeVisible();
  });

  test('what is posted has buttons that post it again', async ({ page }) => {
    await podwire.open(page);
    await page.locator('#files').setInputFiles({ name: 'large.yaml', mimeType: 'application/yaml', buffer: Buffer.from(large) });
    await podwire.drawButton(page).click();
    await overview(page).getByRole('button', { name: 'svc-17' }).click();
    await expect(services(page)).toHaveCount(1);
    await page.locator('#filters').getByRole('button', { name: 'shop', exact: true }).click();
    await expect(services(page)).toHaveCount(60);
  });
});
