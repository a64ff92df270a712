// Working in a board: finding, broken only, zooming and moving, and the address that keeps all of it.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const NAMESPACES = ['shop', 'billing', 'search'];
const BROKEN = [17, 44];

/** A Service and its pods. */
function wired(number) {
  const namespace = NAMESPACES[number % 3];
  const app = `app-${number}`;
  return `apiVersion: v1
kind: Service
metadata: {name: svc-${number}, namespace: ${namespace}}
spec:
  selector: {app: ${BROKEN.includes(number) ? `${app}x` : app}}
  ports: [{name: http, port: ${100 + number}, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: ${namespace}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}, tier: ${number % 2 ? 'front' : 'back'}}}
    spec: {containers: [{name: c, image: c, ports: [{containerPort: 8080}]}]}
`;
}

const sixty = Array.from({ length: 60 }, (_, number) => wired(number)).join('---\n');

const field = (page) => page.getByRole('searchbox', { name: 'Find on the board' });
const found = (page) => podwire.board(page).locator('.found');
const here = (page) => podwire.board(page).locator('.here');
const live = (page) => page.locator('#live');
const brokenOnly = (page) => page.getByRole('button', { name: 'Broken only' });
const services = (page) => podwire.board(page).locator('.card.service');
const asked = (page, name) => new URL(page.url()).searchParams.get(name);
const width = (page) => podwire.picture(page).evaluate((svg) => svg.getBoundingClientRect().width);
const opacity = (locator) => locator.evaluate((element) => getComputedStyle(element).opacity);
const percent = async (page) => Number.parseInt(await page.locator('#zoom-now').textContent(), 10);

async function openSixty(page) {
  await podwire.open(page);
  await podwire.write(page, sixty);
  await expect(services(page)).toHaveCount(60);
}

test.describe('finding', () => {
  test('what matches is marked, the rest is dimmed, and the count is told', async ({ page }) => {
    await openSixty(page);
    await field(page).fill('svc-21');
    await expect(found(page).first()).toBeAttached();
    const service = podwire.board(page).locator('[data-card="svc-21.shop"]');
    await expect(service).toHaveClass(/found/);
    await expect.poll(() => opacity(service)).toBe('1');
    await expect.poll(() => opacity(podwire.board(page).locator('[data-card="svc-22.billing"]'))).toBe('0.3');
    // Who answers is joined to it by a wire, and stays.
    await expect.poll(() => opacity(podwire.board(page).locator('[data-card="pods:Deployment/app-21.shop"]'))).toBe('1');
    await expect(live(page)).toHaveText(/^\d+ match(es)? on the board$/);
    await expect.poll(() => asked(page, 'find')).toBe('svc-21');
    await page.keyboard.press('Escape');
    await expect(found(page)).toHaveCount(0);
    await expect.poll(() => opacity(podwire.board(page).locator('[data-card="svc-22.billing"]'))).toBe('1');
    await expect.poll(() => asked(page, 'find')).toBeNull();
    await field(page).fill('no-such-name');
    await expect(live(page)).toHaveText('Nothing on the board matches no-such-name');
  });

  test('by namespace, by label, by port as a whole number, and by several words', async ({ page }) => {
    await openSixty(page);
    const cards = podwire.board(page).locator('.card.service.found, .card.pods.found');
    await field(page).fill('billing');
    await expect(cards).toHaveCount(40);
    await field(page).fill('tier=front');
    await expect(cards).toHaveCount(30);
    await field(page).fill('tier=front billing');
    await expect(cards).toHaveCount(10);
    await field(page).fill(':121');
    await expect(found(page)).toHaveCount(1);
    await expect(found(page)).toHaveAttribute('data-at', 'svc-21.shop:121');
    await field(page).fill('64');
    await expect(found(page), '64 is not in 164').toHaveCount(0);
  });

  test('Enter goes to the next match and into view, Shift+Enter back, Arrow Down into the board', async ({ page }) => {
    await openSixty(page);
    await field(page).fill('tier=front');
    await expect(found(page)).toHaveCount(30);
    const seen = [];
    for (let step = 0; step < 12; step += 1) {
      await page.keyboard.press('Enter');
      await expect(here(page)).toHaveCount(1);
      await expect(here(page)).toBeInViewport();
      seen.push(await here(page).getAttribute('data-card'));
    }
    expect(new Set(seen).size, 'each step is another match').toBe(12);
    await expect(live(page)).toHaveText(/^12 of 30: Deployment app-/);
    await expect(field(page)).toBeFocused();
    await page.keyboard.press('Shift+Enter');
    await expect(here(page)).toHaveAttribute('data-card', seen[10]);
    await page.keyboard.press('ArrowDown');
    await expect(here(page).locator('a.jack-link:focus')).toHaveCount(1);
  });

  test('a redraw by typing keeps what is found, the scroll and the zoom', async ({ page }) => {
    await openSixty(page);
    await page.locator('#zoom-in').click();
    const large = await width(page);
    await field(page).fill('app=app-50');
    await page.keyboard.press('Enter');
    await expect(here(page)).toBeInViewport();
    const match = await here(page).getAttribute('data-card');
    const top = () => here(page).evaluate((card) => Math.round(card.getBoundingClientRect().top));
    const before = await top();
    await podwire.code(page).evaluate((content) => content.focus({ preventScroll: true }));
    await page.keyboard.press('Control+End');
    await podwire.paste(page, `---\n${wired(60)}`);
    await expect(services(page)).toHaveCount(61);
    await expect(here(page)).toHaveAttribute('data-card', match);
    expect(await width(page)).toBeCloseTo(large, 0);
    expect(Math.abs((await top()) - before), 'how far the match moved').toBeLessThan(120);
    await expect(podwire.code(page)).toBeFocused();
  });
});

test.describe('broken only', () => {
  test('leaves what is broken and what is wired to it, and Back brings the rest', async ({ page }) => {
    await openSixty(page);
    await brokenOnly(page).click();
    await expect(brokenOnly(page)).toHaveAttribute('aria-pressed', 'true');
    await expect(services(page)).toHaveCount(BROKEN.length);
    for (const number of BROKEN) await expect(podwire.board(page)).toContainText(`svc-${number}`);
    await expect(page.locator('#shown')).toHaveText('2 of 60 Services');
    await expect(page.locator('#table tbody tr')).toHaveCount(BROKEN.length);
    expect(asked(page, 'broken')).toBe('1');
    await page.reload();
    await podwire.editorIsThere(page);
    await expect(services(page)).toHaveCount(BROKEN.length);
    await page.goBack();
    await expect(services(page)).toHaveCount(60);
    await expect(brokenOnly(page)).toHaveAttribute('aria-pressed', 'false');
  });

  test('what is selected elsewhere brings the whole board back', async ({ page }) => {
    await openSixty(page);
    await brokenOnly(page).click();
    await expect(services(page)).toHaveCount(BROKEN.length);
    await page.evaluate(() => {
      const link = Object.assign(document.createElement('a'), { className: 'locate', href: '?at=svc-3.shop' });
      link.dataset.at = 'svc-3.shop';
      document.querySelector('#findings').append(link);
      link.click();
    });
    await expect(services(page)).toHaveCount(60);
    await expect(podwire.inspector(page).locator('h2')).toContainText('svc-3');
    expect(asked(page, 'broken')).toBeNull();
  });

  test('where nothing is broken it says so and leads back', async ({ page }) => {
    await podwire.open(page);
    await brokenOnly(page).click();
    await expect(podwire.board(page)).toContainText('No Service and no route here is broken.');
    await podwire.board(page).getByRole('link', { name: 'Show the whole board' }).click();
    await expect(podwire.picture(page)).toBeVisible();
    await expect(brokenOnly(page)).toBeFocused();
  });
});

test.describe('zoom', () => {
  test('buttons, keys and the wheel with Ctrl zoom; the wheel alone scrolls the page', async ({ page }) => {
    await openSixty(page);
    const first = await width(page);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect((await width(page)) / first).toBeCloseTo(1.25, 1);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    expect((await width(page)) / first).toBeCloseTo(1, 1);
    await page.getByRole('button', { name: 'Fit the whole board' }).click();
    await expect.poll(() => asked(page, 'zoom')).toBe('fit');
    const box = await podwire.picture(page).boundingBox();
    expect(box.height).toBeLessThan(900);
    await page.keyboard.press('0');
    expect(await width(page)).toBeCloseTo(first, 0);
    await page.keyboard.press('+');
    await page.keyboard.press('+');
    await expect.poll(() => asked(page, 'zoom')).toBe(String(await percent(page)));
    await page.keyboard.press('-');
    await page.keyboard.press('0');

    await page.evaluate(() => scrollTo(0, 0));
    await page.mouse.move(900, 500);
    await page.mouse.wheel(0, 300);
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(300);
    expect(await width(page)).toBeCloseTo(first, 0);
    // What is under the pointer stays there.
    const under = () => page.evaluate(() => {
      const { top, height } = document.querySelector('#board .scroll>svg').getBoundingClientRect();
      return (500 - top) / height;
    });
    const before = await under();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await expect.poll(() => width(page)).toBeGreaterThan(first * 1.2);
    expect(Math.abs((await under()) - before)).toBeLessThan(0.002);
  });

  test('dragging moves the board and selects nothing', async ({ page }) => {
    await openSixty(page);
    await page.locator('#zoom-in').click();
    await page.locator('#zoom-in').click();
    const places = () => page.evaluate(() => [document.querySelector('#board .scroll').scrollLeft, scrollY]);
    const [left, top] = await places();
    const jack = await podwire.jack(page, 'svc-1.billing:101').boundingBox();
    await page.mouse.move(jack.x + 30, jack.y + 10);
    await page.mouse.down();
    await page.mouse.move(jack.x - 20, jack.y - 30, { steps: 4 });
    await page.mouse.move(jack.x - 70, jack.y - 90, { steps: 4 });
    await page.mouse.up();
    const [x, y] = await places();
    expect(Math.abs(x - left - 100), 'to the side').toBeLessThanOrEqual(1);
    expect(Math.abs(y - top - 100), 'down').toBeLessThanOrEqual(1);
    expect(asked(page, 'at')).toBeNull();
    await podwire.jack(page, 'svc-1.billing:101').click();
    await podwire.expectSelected(page, 'svc-1.billing:101');
  });
});

test('the address keeps search, zoom, filter and selection through selecting, reload and a shared link', async ({ page }) => {
  await openSixty(page);
  await brokenOnly(page).click();
  await expect(services(page)).toHaveCount(BROKEN.length);
  await field(page).fill('svc-44');
  await page.locator('#zoom-out').click();
  await podwire.jack(page, 'svc-44.search:144').click();
  await podwire.expectSelected(page, 'svc-44.search:144');
  const zoom = await percent(page);
  const view = { at: 'svc-44.search:144', find: 'svc-44', broken: '1', zoom: String(zoom) };
  const expectView = async () => {
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual(view);
    await podwire.expectSelected(page, view.at);
    await expect(field(page)).toHaveValue('svc-44');
    await expect(found(page).first()).toBeAttached();
    await expect(services(page)).toHaveCount(BROKEN.length);
    await expect(brokenOnly(page)).toHaveAttribute('aria-pressed', 'true');
    await expect.poll(() => percent(page)).toBe(zoom);
  };
  await expect.poll(() => asked(page, 'zoom')).toBe(view.zoom);
  await page.reload();
  await podwire.editorIsThere(page);
  await expectView();
  await page.goto(await podwire.share(page));
  await expectView();
  // On a shared diagram the filter is another page, which keeps the rest.
  await brokenOnly(page).click();
  await expect(services(page)).toHaveCount(60);
  await expect(field(page)).toHaveValue('svc-44');
  expect(asked(page, 'broken')).toBeNull();
  await page.goBack();
  await expect(services(page)).toHaveCount(BROKEN.length);
});

test('a board that is searched and filtered is accessible', async ({ page }) => {
  await openSixty(page);
  await brokenOnly(page).click();
  await expect(services(page)).toHaveCount(BROKEN.length);
  await field(page).fill('svc');
  await page.keyboard.press('Enter');
  await expect(here(page)).toHaveCount(1);
  await podwire.expectAccessible(page);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('"Broken only" is a button of the form; what needs a script is not there', async ({ page }) => {
    await page.goto('/examples/broken');
    const all = await services(page).count();
    await expect(field(page)).toBeHidden();
    await expect(page.locator('#zoom-in')).toBeHidden();
    await brokenOnly(page).click();
    await expect(brokenOnly(page)).toHaveAttribute('aria-pressed', 'true');
    expect(await services(page).count()).toBeLessThanOrEqual(all);
    await expect(page.locator('#shown')).toHaveText(/^\d+ of \d+ Services$/);
    await brokenOnly(page).click();
    await expect(brokenOnly(page)).toHaveAttribute('aria-pressed', 'false');
  });

  test('and where the text was posted, it goes along', async ({ page }) => {
    await podwire.open(page);
    await podwire.write(page, `${wired(17)}---\n${wired(18)}`);
    await podwire.drawButton(page).click();
    await expect(services(page)).toHaveCount(2);
    await brokenOnly(page).click();
    await expect(services(page)).toHaveCount(1);
    await expect(podwire.board(page)).toContainText('svc-17');
    await brokenOnly(page).click();
    await expect(services(page)).toHaveCount(2);
  });
});

test.describe('on a tablet', () => {
  test.use({ viewport: { width: 760, height: 1000 }, hasTouch: true, isMobile: true });

  test('two fingers zoom the board; its tools fit', async ({ page }) => {
    await podwire.open(page);
    await podwire.expectNoSidewaysScroll(page);
    for (const tool of await page.locator('#tools :is(input, button)').all()) {
      const box = await tool.boundingBox();
      expect(box.height).toBeGreaterThanOrEqual(28);
      expect(box.x + box.width).toBeLessThanOrEqual(760);
    }
    const first = await width(page);
    const { x, y } = await page.locator('#board .scroll').boundingBox();
    const client = await page.context().newCDPSession(page);
    const touch = (type, apart) => client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: apart ? [{ x: x + 150 - apart, y: y + 80, id: 1 }, { x: x + 150 + apart, y: y + 80, id: 2 }] : [],
    });
    await touch('touchStart', 40);
    for (const apart of [50, 60, 70, 80]) await touch('touchMove', apart);
    await touch('touchEnd', 0);
    await expect.poll(async () => (await width(page)) / first).toBeGreaterThan(1.7);
    await podwire.expectNoSidewaysScroll(page);
    await expect.poll(() => page.evaluate(() => visualViewport.scale), 'the page itself is not zoomed').toBe(1);
  });
});
