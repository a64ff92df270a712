// Answers that come late: whatever was done meanwhile, the page is what its address says and nothing that was left comes back.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;
const { isDrawing, isInspecting, hold, jack } = podwire;

const service = (name, namespace = 'default') => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: ${namespace}, labels: {app: ${name}}}
spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}
`;

/** The pages on which `text` is looked at: in the editor, and as a shared diagram. */
const PAGES = {
  'in the editor': async (page, text) => {
    await podwire.open(page);
    await podwire.write(page, text);
    await expect(podwire.board(page)).toContainText('cart');
  },
  'on a shared diagram': async (page, text, request) => podwire.open(page, (await podwire.keep(request, text)).url),
};
const BROKEN = `${service('cart').replace('labels: {app: cart}', 'labels: {app: trolley}')}---\n${service('web')}`;

for (const [where, open] of Object.entries(PAGES)) {
  test.describe(where, () => {
    test.beforeEach(({ page, request }) => open(page, BROKEN, request));

    test('whoever goes Back before a board has come stays on the one before', async ({ page }) => {
      const jacks = await podwire.jacks(page).count();
      const release = await hold(page, isDrawing);
      const asked = page.waitForRequest(isDrawing);
      await page.locator('#broken').click();
      await asked;
      await page.goBack();
      await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'false');
      release();
      await expect(page.locator('body')).not.toHaveClass(/busy/);
      await expect(podwire.jacks(page)).toHaveCount(jacks);
    });

    test('a trace that was left before it came is not lit', async ({ page }) => {
      const release = await hold(page, isDrawing);
      const asked = page.waitForRequest(isDrawing);
      await jack(page, 'web.default:80').click();
      await podwire.expectSelected(page, 'web.default:80');
      await page.locator('#trace').fill('web:80');
      await page.keyboard.press('Enter');
      await asked;
      await page.locator('#trace').blur();
      await page.keyboard.press('Escape');
      release();
      await expect(page.locator('body')).not.toHaveClass(/busy/);
      await expect(podwire.board(page).locator('[data-traced]')).toHaveCount(0);
      await expect(podwire.inspector(page).locator('h2')).toHaveCount(0);
    });

    test('of two places the one that was selected last is told', async ({ page }) => {
      const release = await hold(page, isInspecting);
      await jack(page, 'cart.default:80').click();
      await jack(page, 'web.default:80').click();
      release();
      await expect(podwire.inspector(page).locator('h2')).toHaveText('web.default:80');
      await expect(page.locator('#live')).toContainText('web.default:80');
    });

    test('one place is selected at a time, also after other boards', async ({ page }) => {
      await page.locator('#broken').click();
      await expect(podwire.jacks(page).filter({ hasText: 'web' })).toHaveCount(0);
      await page.locator('#broken').click();
      await jack(page, 'web.default:80').click();
      await podwire.expectSelected(page, 'web.default:80');
      await page.locator('#trace').fill('cart:80');
      await page.keyboard.press('Enter');
      await expect(podwire.inspector(page).locator('h2')).toContainText('cart:80');
      await expect(jack(page, 'web.default:80')).not.toHaveAttribute('aria-current');
    });

    test('an address that is written and not yet sent is not traced', async ({ page }) => {
      await page.locator('#trace').fill('web:80');
      await page.locator('#broken').click();
      await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
      await expect(page.locator('body')).not.toHaveClass(/busy/);
      await expect(podwire.inspector(page).locator('h2')).toHaveCount(0);
      expect(new URL(page.url()).searchParams.get('trace')).toBeNull();
    });
  });
}

test('sharing goes on beside what is told of a place', async ({ page }) => {
  await PAGES['in the editor'](page, BROKEN);
  const release = await hold(page, isInspecting);
  await jack(page, 'cart.default:80').click();
  await page.locator('#share').click();
  await expect(page.locator('#share-now')).toBeVisible();
  release();
  await expect(podwire.inspector(page).locator('h2')).toHaveText('cart.default:80');
});

test('what is written while the preview comes is in it before it is shared', async ({ page }) => {
  await PAGES['in the editor'](page, BROKEN);
  const isPreview = (request) => new URL(request.url()).pathname === '/share/preview';
  const release = await hold(page, isPreview);
  const asked = page.waitForRequest(isPreview);
  await page.locator('#share').click();
  await asked;
  await podwire.write(page, `${BROKEN}---\n${service('late', 'written-late')}`);
  release();
  await expect(page.locator('#shared .stays')).toContainText('written-late');
});

test('whoever shares twice in a row shares once', async ({ page }) => {
  await PAGES['in the editor'](page, BROKEN);
  await page.locator('#share').click();
  let shared = 0;
  page.on('request', (request) => { if (new URL(request.url()).pathname === '/share') shared += 1; });
  await page.locator('#share-now').dblclick();
  await expect(page.locator('#share-link')).toBeVisible();
  expect(shared).toBe(1);
});

test('why a wire ends is not shown in a file that was left', async ({ page }) => {
  await podwire.open(page);
  await podwire.upload(page, '#files', [
    { name: 'a.yaml', mimeType: 'application/yaml', buffer: Buffer.from(service('web')) },
    { name: 'b.yaml', mimeType: 'application/yaml', buffer: Buffer.from(service('cart').replace('labels: {app: cart}', 'labels: {app: trolley}')) },
  ], 'cart');
  const release = await hold(page, isInspecting);
  await podwire.board(page).locator('.card.end').first().click();
  await podwire.tabs(page).filter({ hasText: 'a.yaml' }).click();
  await podwire.code(page).focus();
  release();
  await expect(podwire.inspector(page).locator('h2')).toHaveText('cart.default:80');
  await expect(podwire.tabs(page).filter({ hasText: 'a.yaml' })).toHaveAttribute('aria-selected', 'true');
});

test('a key that is pressed before the board of new files is there does not keep the old one', async ({ page }) => {
  await podwire.open(page);
  const release = await hold(page, isDrawing);
  const asked = page.waitForRequest(isDrawing);
  await page.locator('#files').setInputFiles({ name: 'mine.yaml', mimeType: 'application/yaml', buffer: Buffer.from(`${service('mine')}---\na: [\n`) });
  await asked;
  await podwire.code(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' ');
  release();
  await expect(podwire.board(page)).toContainText('mine');
  await expect(page.locator('#held')).toBeEmpty();
});

test('what breaks while another part of the same text is drawn holds the board', async ({ page }) => {
  await PAGES['in the editor'](page, BROKEN);
  const release = await hold(page, isDrawing);
  const asked = page.waitForRequest(isDrawing);
  await page.locator('#broken').click();
  await asked;
  await page.locator('#broken').click();
  await podwire.code(page).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('a: [');
  release();
  await expect(page.locator('#held')).toContainText('cannot be read');
  await expect(podwire.board(page)).toContainText('cart');
});

test('new files are drawn once the server answers again, also where one writes meanwhile', async ({ page, complaints }) => {
  await PAGES['in the editor'](page, BROKEN);
  let isBusy = true;
  await page.route('**', (route) => (isBusy && isDrawing(route.request()) ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"too busy"}' }) : route.fallback()));
  await page.locator('#files').setInputFiles({ name: 'mine.yaml', mimeType: 'application/yaml', buffer: Buffer.from(`${service('mine')}---\na: [\n`) });
  await expect(page.locator('#held')).toContainText('too busy');
  isBusy = false;
  await podwire.code(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' ');
  await expect(podwire.board(page)).toContainText('mine');
  await expect(page.locator('#held')).toBeEmpty();
  for (const complaint of complaints.splice(0)) expect(complaint).toContain('503');
});

test('a place whose board comes before its answer is told all the same', async ({ page }) => {
  await PAGES['in the editor'](page, BROKEN);
  await hold(page, isInspecting);
  const asked = page.waitForRequest(isInspecting);
  await jack(page, 'web.default:80').click();
  await asked;
  await podwire.code(page).focus();
  await page.keyboard.press('Control+End');
  // In one piece: what is drawn after it says so.
  await podwire.paste(page, '# x');
  await expect(podwire.inspector(page).locator('h2')).toHaveText('web.default:80');
  await expect(page.locator('#live')).toContainText('web.default:80');
});

test('whoever shares while stand-ins are previewed shares once, by what was previewed', async ({ page }) => {
  await PAGES['in the editor'](page, BROKEN);
  await page.locator('#share').click();
  const release = await hold(page, (request) => new URL(request.url()).pathname === '/share/preview');
  let shared = 0;
  page.on('request', (request) => { if (new URL(request.url()).pathname === '/share') shared += 1; });
  await page.locator('#replace').check();
  await page.locator('#share-now').click();
  await page.locator('#share-now').click();
  release();
  await expect(page.locator('#share-link')).toBeVisible();
  expect(shared).toBe(1);
});

test('boards of a shared overview are zoomed', async ({ page, request }) => {
  const many = Array.from({ length: 72 }, (_, at) => service(`s-${at}`, `ns-${at % 3}`)).join('---\n');
  await podwire.open(page, `${(await podwire.keep(request, many)).url}?ns=ns-1`);
  const width = () => podwire.picture(page).evaluate((svg) => svg.getBoundingClientRect().width);
  const before = await width();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(width).toBeGreaterThan(before);
});

test('an overview that becomes a board is zoomed', async ({ page, request }) => {
  const many = Array.from({ length: 180 }, (_, at) => service(`s-${at}`, `ns-${at % 9}`)).join('---\n');
  await page.goto((await podwire.keep(request, many)).url);
  await podwire.scriptsAreThere(page);
  await page.locator('#overview .groups a').first().click();
  await expect(page.locator('#overview')).toHaveCount(0);
  const width = () => podwire.picture(page).evaluate((svg) => svg.getBoundingClientRect().width);
  const before = await width();
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(width).toBeGreaterThan(before);
});

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true });
  const isTurning = (request) => request.headers()['hx-target'] === 'strips';
  const one = (page) => page.locator('#strip .one');
  const next = (page) => page.locator('#strip .turn .after');

  test('what was fetched of a text that has changed is not shown', async ({ page }) => {
    await PAGES['in the editor'](page, `${service('cart')}---\n${service('web')}`);
    const release = await hold(page, isTurning);
    const asked = page.waitForRequest(isTurning);
    await next(page).click();
    await asked;
    await podwire.write(page, `${service('cart')}---\n${service('web')}`.replaceAll('port: 80', 'port: 8199'));
    await expect(podwire.board(page)).toContainText('8199');
    release();
    await expect(one(page)).toHaveAttribute('data-strip', 'web.default');
    await expect(one(page)).toContainText('8199');
  });

  test('turning goes on once it is answered again', async ({ page, complaints }) => {
    await PAGES['in the editor'](page, `${service('cart')}---\n${service('web')}`);
    let isBusy = true;
    await page.route('**', (route) => (isBusy && isTurning(route.request()) ? route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"detail":"too busy"}' }) : route.fallback()));
    await next(page).click();
    await expect(page.locator('#live')).toContainText('Too busy.');
    isBusy = false;
    await next(page).click();
    await expect(one(page)).toHaveAttribute('data-strip', 'web.default');
    for (const complaint of complaints.splice(0)) expect(complaint).toContain('503');
  });

  test('whoever turns while a board comes stays where they turned to', async ({ page }) => {
    await PAGES['in the editor'](page, [service('cart'), service('log'), service('web')].join('---\n'));
    await next(page).click();
    await expect(one(page)).toHaveAttribute('data-strip', 'log.default');
    const release = await hold(page, isDrawing);
    const asked = page.waitForRequest(isDrawing);
    await podwire.write(page, [service('cart'), service('log'), service('web')].join('---\n').replaceAll('port: 80', 'port: 8199'));
    await asked;
    await next(page).click();
    await expect(one(page)).toHaveAttribute('data-strip', 'web.default');
    release();
    await expect(one(page)).toContainText('8199');
    await expect(one(page)).toHaveAttribute('data-strip', 'web.default');
  });

  test('Back from a place leads to the Service that its address names', async ({ page, request }) => {
    await podwire.open(page, (await podwire.keep(request, [service('cart'), service('log'), service('web')].join('---\n'))).url);
    await next(page).click();
    await expect(one(page)).toHaveAttribute('data-strip', 'log.default');
    await page.locator('#strip .spot[data-at="log.default:80"]').click();
    await expect(podwire.inspector(page).locator('h2')).toHaveText('log.default:80');
    // What is told covers the way on, which keys and scrolling reach.
    await next(page).dispatchEvent('click', { button: 0 });
    await expect(one(page)).toHaveAttribute('data-strip', 'web.default');
    await page.goBack();
    await expect(one(page)).toHaveAttribute('data-strip', 'log.default');
    expect(new URL(page.url()).searchParams.get('card')).toBe('log.default');
  });
});
