// A shared diagram elsewhere: in a frame of another's page, a README, a chat, a spreadsheet.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

/** Every name has it: what goes where no name should may not. */
const CANARY = 'canary';
const named = (name) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${name}}
spec: {type: NodePort, selector: {app: ${name}}, ports: [{name: ${name}, port: 80, targetPort: ${name}, nodePort: 30080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${name}, labels: {app: ${name}}}
spec: {containers: [{name: ${name}, image: ${name}}]}
`;

/** Opens a page of another origin with this in it, away from the test's own page, which may ask nobody else. */
async function elsewhere(browser, html, look) {
  const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(`<!doctype html><title>Elsewhere</title>${html}`));
  await new Promise((listening) => { server.listen(0, '127.0.0.1', listening); });
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await look(page, context);
  } finally {
    await context.close();
    await new Promise((closed) => { server.close(closed); server.closeAllConnections(); });
  }
}

const frame = (src) => `<iframe src="${src}" title="A diagram" width="960" height="600"></iframe>`;

test('a page of another origin frames the board, in a theme, and its link leads to the whole', async ({ request, browser }) => {
  const { url } = await podwire.keep(request, named(CANARY));
  await elsewhere(browser, frame(`${url}?embed=1&theme=dark&at=node:30080`), async (page, context) => {
    const inside = page.frameLocator('iframe');
    await expect(inside.locator('#board svg.board')).toContainText('30080');
    await expect(inside.locator('.lit').first()).toBeVisible();
    expect(await inside.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor)).toBe('rgb(14, 17, 22)');
    expect(await inside.locator('body').evaluate((body) => document.fonts.ready.then(() => [...document.fonts].some((font) => font.family === 'Inter' && font.status === 'loaded')))).toBe(true);
    expect(await inside.locator('script, form, button').count()).toBe(0);
    const [whole] = await Promise.all([context.waitForEvent('page'), inside.getByRole('link', { name: 'podwire' }).click()]);
    await expect(whole).toHaveURL(`${url}?at=node:30080`);
    await expect(podwire.inspector(whole).locator('h2')).toHaveText('node:30080');
  });
});

test('nothing but the embed page is framed', async ({ request, browser }) => {
  const { url } = await podwire.keep(request, named(CANARY));
  for (const refused of [url, `${url}?embed=0`, new URL(url).origin]) {
    await elsewhere(browser, frame(refused), async (page) => {
      await expect.poll(() => page.frames()[1].url()).toMatch(/^chrome-error:/);
      await expect(page.frameLocator('iframe').locator('svg.board')).toHaveCount(0);
    });
  }
});

test('a deleted diagram says so in the frame', async ({ request, browser }) => {
  const { id, url, deleteToken } = await podwire.keep(request, named(CANARY));
  const answer = await request.delete(`/api/v1/diagrams/${id}`, { headers: { authorization: `Bearer ${deleteToken}` } });
  expect(answer.status()).toBe(204);
  await elsewhere(browser, frame(`${url}?embed=1`), async (page) => {
    await expect(page.frameLocator('iframe').locator('h1')).toHaveText('This diagram was deleted');
  });
  for (const form of ['.csv', '/badge.svg', '/preview.png', '?embed=1']) {
    expect((await request.get(url + form)).status(), form).toBe(410);
  }
});

test('badge and preview are pictures of counts, without a name', async ({ page, request }) => {
  const { url } = await podwire.keep(request, named(CANARY));
  const badge = await (await request.get(`${url}/badge.svg`)).text();
  expect(badge).toContain('1 service · 1 broken');
  expect(badge).not.toContain(CANARY);
  const head = (await (await request.get(url)).text()).split('</head>')[0];
  expect(head).toContain(`<meta property="og:image" content="${url}/preview.png">`);
  expect(head).not.toContain(CANARY);
  // The same picture comes of other names: there is none in it.
  const other = await podwire.keep(request, named('web'));
  const [picture, same] = await Promise.all([url, other.url].map(async (at) => (await request.get(`${at}/preview.png`)).body()));
  expect(picture.equals(same)).toBe(true);

  await page.goto('/rules');
  const overlaps = await page.evaluate((badge) => {
    const svg = document.body.appendChild(new DOMParser().parseFromString(badge, 'image/svg+xml').documentElement);
    const width = Number(svg.getAttribute('width'));
    const [left, right] = [...svg.querySelectorAll('text')].map((text) => text.getBBox());
    const middle = Number(/H(\d+)/.exec(svg.querySelector('path').getAttribute('d'))[1]);
    return { left: middle - left.x - left.width, begin: right.x - middle, right: width - right.x - right.width };
  }, badge);
  for (const [where, room] of Object.entries(overlaps)) expect(room, where).toBeGreaterThanOrEqual(5);
  const size = await page.evaluate(async (src) => {
    const image = Object.assign(new Image(), { src });
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, `${url}/preview.png`);
  expect(size).toEqual([1200, 630]);
});

/** Rows of cells, as RFC 4180 has them. */
function parse(csv) {
  const rows = [[]];
  for (const [, quoted, bare, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && bare === '' && end === '') break;
    rows.at(-1).push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.filter((row) => row.length);
}

test('the table is kept as CSV in which hostile names are text', async ({ page, request }) => {
  const names = ['=cmd|calc', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', 'a,b', 'a"b', 'a\nb', 'fine'];
  const text = names.map((name) => `---
apiVersion: v1
kind: Service
metadata: {name: ${JSON.stringify(name)}}
spec: {selector: {app: web}, ports: [{port: 80}]}
`).join('');
  const { id, url } = await podwire.keep(request, text);
  await podwire.open(page, url);
  const [kept] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()]);
  expect(kept.suggestedFilename()).toBe(`podwire-${id}.csv`);
  const csv = await readFile(await kept.path(), 'utf8');
  const [head, ...rows] = parse(csv.replace('\ufeff', ''));
  expect(head).toEqual(['Way in', 'Service', 'Namespace', 'Type', 'Port', 'Target port', 'Who answers']);
  expect(rows).toHaveLength(await page.locator('#table tbody tr').count());
  for (const row of rows) {
    expect(row).toHaveLength(head.length);
    for (const cell of row) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  }
  expect(rows.map((row) => row[1]).sort()).toEqual(
    ["'=cmd|calc", "'+1", "'-1", "'@SUM(1)", "'\\u{9}=1", "'\\u{d}=1", 'a,b', 'a"b', 'a\\u{a}b', 'fine'].sort(),
  );
});

test('link, Markdown and HTML are copied where a diagram is shared and on its page', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: baseURL });
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  const press = async (root, name) => {
    await root.getByRole('button', { name }).click();
    await expect(root.getByRole('button', { name })).toContainText('Copied');
    return copied();
  };
  await podwire.open(page);
  const link = await podwire.share(page);
  const dialog = page.locator('#shared');
  expect(await press(dialog, /the link/)).toBe(link);
  expect(await press(dialog, /Badge/)).toBe(`[![Podwire: how the Services are wired](${link}/badge.svg)](${link})`);
  await expect(dialog.getByRole('button', { name: /the link/ })).not.toContainText('Copied');

  await podwire.open(page, link);
  const elsewhere = page.locator('.elsewhere');
  await elsewhere.getByText('Link and embed').click();
  expect(await press(elsewhere, /the link/)).toBe(link);
  expect(await press(elsewhere, /Picture/)).toContain(`](${link}.svg)](${link})`);
  expect(await press(elsewhere, /HTML/)).toContain(`<iframe src="${link}?embed=1" title=`);
  const at = await podwire.firstJack(page);
  await podwire.jack(page, at).click();
  await podwire.expectSelected(page, at);
  expect(new URL(await press(elsewhere, /the link/)).searchParams.get('at')).toBe(at);
});

test('the links to other forms and what is copied show what the page shows now', async ({ page, request }) => {
  const many = [1, 2, 3, 4, 5].map((number) => named(`web-${number}`).replaceAll('30080', `3008${number}`)).join('---\n');
  const { id, url } = await podwire.keep(request, many);
  await podwire.open(page, url);
  await page.getByText('Link and embed').click();
  const link = (name) => page.locator('.faces').getByRole('link', { name, exact: true });
  const picture = page.locator('.elsewhere').getByLabel('Picture for a README, Markdown');
  const frame = page.locator('.elsewhere').getByLabel('Board for a page, HTML');
  await expect(link('SVG')).toHaveAttribute('href', new RegExp(`/d/${id}\\.svg$`));
  await page.getByLabel('Namespace', { exact: true }).selectOption('web-3');
  await expect(link('SVG')).toHaveAttribute('href', new RegExp(`/d/${id}\\.svg\\?ns=web-3$`));
  await expect(picture).toHaveValue(new RegExp(`\\(${url}\\.svg\\?ns=web-3\\)\\]\\(${url}\\?ns=web-3\\)$`));
  await podwire.jack(page, 'node:30083').click();
  await podwire.expectSelected(page, 'node:30083');
  await expect(link('PNG')).toHaveAttribute('href', new RegExp('\\?at=node:30083&ns=web-3$'));
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(frame).toHaveValue(new RegExp('\\?embed=1&amp;at=node:30083&amp;ns=web-3"'));
  // What they lead to is the same part, with the same path lit.
  const svg = await (await request.get(await link('SVG').evaluate((each) => each.href))).text();
  expect(svg).toContain('web-3.web-3');
  expect(svg).not.toContain('web-2');
  expect(svg).toContain(' lit"');
  await page.goBack();
  await expect(link('SVG')).toHaveAttribute('href', new RegExp('\\.svg\\?ns=web-3$'));
  await page.reload();
  await expect(link('text')).toHaveAttribute('href', new RegExp('\\.txt\\?ns=web-3$'));
});

test('what is offered is seen whole on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await podwire.open(page);
  const link = await podwire.share(page);
  const box = await page.locator('#shared').boundingBox();
  expect(box.x).toBeGreaterThanOrEqual(0);
  expect(box.x + box.width).toBeLessThanOrEqual(360);
  await page.goto(link);
  await page.getByText('Link and embed').click();
  await podwire.expectNoSidewaysScroll(page);
});
