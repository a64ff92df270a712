// What stands there when there is no board, not yet, or not any more: in plain words, with a way on.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;
const held = (page) => page.locator('.picture.held');
const why = (page) => page.locator('#held');
const again = (page) => page.getByRole('button', { name: 'Try again' });
/** Whatever a page says of requests that a test lets fail is no complaint. */
const forgive = (complaints) => complaints.splice(0, complaints.length, ...complaints.filter((each) => !/^(4|5)\d\d: |ERR_|Failed to|htmx:/.test(each)));

test('nothing: it says what to do, and leads to the examples', async ({ page }) => {
  await podwire.open(page);
  await podwire.write(page, '');
  await expect(podwire.board(page)).toContainText('Nothing to draw yet');
  await expect(page.locator('#findings')).toContainText('There is no Service here yet.');
  await podwire.expectAccessible(page);
  await podwire.board(page).getByRole('link', { name: 'an example' }).click();
  await expect(page.getByRole('heading', { name: 'Examples', level: 1 })).toBeVisible();
});

test('nothing that can be read: it says why, and where', async ({ page }) => {
  await podwire.open(page);
  // What broke while it was typed leaves the board that was there; this drew nothing before.
  await podwire.write(page, '');
  await expect(podwire.board(page)).toContainText('Nothing to draw yet');
  await podwire.write(page, 'kind: [');
  await expect(podwire.board(page)).toContainText('Nothing could be drawn');
  await expect(podwire.board(page).locator('.empty p').nth(1)).toHaveText(/^[A-Z].*[^.]\.$/);
});

test('what kubectl prints: the board says what to ask for, and the command can be copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await podwire.open(page);
  await podwire.write(page, 'NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\ncart   ClusterIP   10.96.0.1    <none>        80/TCP    4d\n');
  await expect(why(page)).toContainText('Ask for manifests: kubectl get services');
  await page.locator('#findings').getByRole('button', { name: 'Copy the command' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^kubectl get services,.* -o yaml$/);
  await podwire.expectAccessible(page);
  await podwire.write(page, '');
  await expect(podwire.board(page)).toContainText('Nothing to draw yet');
  await podwire.write(page, 'NAME   TYPE        CLUSTER-IP   EXTERNAL-IP   PORT(S)   AGE\ncart   ClusterIP   10.96.0.1    <none>        80/TCP    4d\n');
  await expect(podwire.board(page).getByRole('button', { name: 'Copy the command' })).toBeVisible();
});

test('long work is told of, and can be stopped', async ({ page }) => {
  await podwire.open(page);
  let release;
  const slow = new Promise((resolve) => { release = resolve; });
  await page.route('/', async (route) => {
    if (route.request().method() === 'POST') await slow;
    await route.continue().catch(() => {});
  });
  await podwire.write(page, (await podwire.field(page).inputValue()).replaceAll('30008', '30009'));
  await expect(page.locator('#work')).toBeVisible();
  await expect(page.locator('#work-words')).toContainText('Reading and wiring');
  await expect(page.locator('#live')).toHaveText('Reading what was sent');
  await podwire.expectAccessible(page);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect(page.locator('#work')).toBeHidden();
  await expect(why(page)).toContainText('Stopped. This is the last board that was drawn.');
  await expect(podwire.board(page)).toContainText('30008');
  await expect(again(page)).toBeFocused();
  release();
  await page.unroute('/');
  await again(page).click();
  await expect(podwire.board(page)).toContainText('30009');
  await expect(held(page)).toHaveCount(0);
});

test('too large: the board stays, and it says how much is taken', async ({ page, complaints }) => {
  await podwire.open(page);
  const buffer = Buffer.from(`# ${'x'.repeat(98)}\n`.repeat(120_000));
  await page.locator('#files').setInputFiles({ name: 'large.yaml', mimeType: 'application/yaml', buffer });
  await expect(why(page)).toContainText('larger than 10MiB', { timeout: 20_000 });
  await expect(held(page)).toBeVisible();
  await expect(podwire.board(page)).toContainText('30008');
  await expect(again(page)).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(held(page)).toHaveCount(0);
  forgive(complaints);
});

test('server gone: the last board stays, greyed, until trying again helps', async ({ page, complaints }) => {
  await podwire.open(page);
  await page.route('/', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
  await podwire.write(page, (await podwire.field(page).inputValue()).replaceAll('30008', '30009'));
  await expect(why(page)).toContainText('The server does not answer');
  await expect(held(page)).toBeVisible();
  await expect(podwire.board(page)).toContainText('30008');
  await expect(page.locator('#live')).toContainText('The server does not answer');
  await podwire.expectAccessible(page);
  await page.unroute('/');
  await again(page).click();
  await expect(podwire.board(page)).toContainText('30009');
  await expect(why(page)).toBeEmpty();
  forgive(complaints);
});

test('offline: it says so, and draws by itself once one is back', async ({ page, context, complaints }) => {
  await podwire.open(page);
  await context.setOffline(true);
  await podwire.write(page, (await podwire.field(page).inputValue()).replaceAll('30008', '30009'));
  await expect(why(page)).toContainText('You are offline');
  await expect(podwire.board(page)).toContainText('30008');
  await context.setOffline(false);
  await expect(podwire.board(page)).toContainText('30009');
  await expect(held(page)).toHaveCount(0);
  forgive(complaints);
});

test('busy: the words of the server, and a way to try again', async ({ page, complaints }) => {
  await podwire.open(page);
  const body = JSON.stringify({ title: 'Busy', status: 503, detail: 'Podwire is busy with other uploads: try again in a few seconds' });
  await page.route('/', (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 503, contentType: 'application/problem+json', body }) : route.continue()));
  await podwire.write(page, (await podwire.field(page).inputValue()).replaceAll('30008', '30009'));
  await expect(why(page)).toContainText('Podwire is busy with other uploads');
  await page.unroute('/');
  await again(page).click();
  await expect(podwire.board(page)).toContainText('30009');
  forgive(complaints);
});

test('deleted, and never there: a page with words and ways on', async ({ page, complaints }) => {
  await podwire.open(page);
  const link = await podwire.share(page);
  await podwire.open(page, link);
  page.once('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This diagram was deleted');
  await expect(page.getByText('This diagram was deleted by whoever shared it; what it showed is no longer kept.')).toBeVisible();
  await expect(page.getByText('Whoever made it can share it again')).toBeVisible();
  await podwire.expectAccessible(page);
  await page.goto('/d/0000000000000000000000');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing here');
  await page.getByRole('link', { name: 'Draw manifests' }).click();
  await expect(podwire.picture(page)).toBeVisible();
  forgive(complaints);
});

test('expired: a page that says since when, and in a frame too', async ({ page, request, complaints }) => {
  const data = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n';
  const made = await (await request.post('/api/v1/diagrams?expires=1s', { data, headers: { 'content-type': 'application/yaml' } })).json();
  await expect.poll(async () => (await request.get(made.url)).status(), 'it expires').toBe(410);
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(made.expiresAt));
  const words = `This diagram expired on ${day}, ${made.expiresAt.slice(11, 16)} UTC; what it showed is no longer kept`;
  await page.goto(made.url);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This diagram has expired');
  await expect(page.getByText(words)).toBeVisible();
  await expect(page.getByText('Whoever made it can share it again')).toBeVisible();
  await podwire.expectAccessible(page);
  await page.getByRole('link', { name: 'Draw manifests' }).click();
  await expect(podwire.picture(page)).toBeVisible();
  await page.goto(`${made.url}?embed=1`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This diagram has expired');
  await expect(page.getByText(words, { exact: false })).toBeVisible();
  const gone = await (await request.get(`/api/v1/diagrams/${made.id}`)).json();
  expect([gone.title, gone.type]).toEqual(['This diagram has expired', 'urn:podwire:problem:gone']);
  forgive(complaints);
});

test('a shared diagram whose server is gone says so when it is asked', async ({ page, complaints }) => {
  await podwire.open(page);
  const link = await podwire.share(page);
  await podwire.open(page, link);
  await page.route(/at=/, (route) => route.abort());
  await podwire.jack(page, 'node:30008').click();
  await expect(why(page)).toContainText('The server does not answer');
  await expect(podwire.inspector(page)).toContainText('node:30008');
  await expect(podwire.inspector(page)).toContainText('The server does not answer');
  await expect(podwire.inspector(page).getByRole('link', { name: 'Close the inspector' })).toBeVisible();
  await page.unroute(/at=/);
  await podwire.jack(page, 'in:node-port-service.default').click();
  await expect(podwire.hops(page).first()).toBeVisible();
  await expect(why(page)).toBeEmpty();
  forgive(complaints);
});
