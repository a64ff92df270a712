// A telephone, upright.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

const strip = (page) => page.locator('#strip');
const one = (page) => strip(page).locator('.one');
const shown = (page) => one(page).getAttribute('data-strip');
const turn = (page, name) => strip(page).getByRole('link', { name, exact: true });
const spot = (page, at) => strip(page).locator(`.spot[data-at=${JSON.stringify(at)}]`);

/** Swipes over the Service that is shown, as a finger does: from so far right to so far left, or the other way. */
const swipe = (page, from, to) => strip(page).evaluate((element, [from, to]) => {
  const touch = (x) => new Touch({ identifier: 1, target: element, clientX: x, clientY: 300 });
  element.dispatchEvent(new TouchEvent('touchstart', { touches: [touch(from)], changedTouches: [touch(from)], bubbles: true }));
  element.dispatchEvent(new TouchEvent('touchend', { touches: [], changedTouches: [touch(to)], bubbles: true }));
}, [from, to]);

async function openPhone(page, path) {
  await podwire.open(page, path);
  await expect(one(page)).toBeVisible();
}

test('one Service is shown, from its ways in to its pods, and a place on it opens the inspector', async ({ page }) => {
  await openPhone(page, '/');
  await podwire.expectNoSidewaysScroll(page);
  await expect(podwire.picture(page)).toBeHidden();
  const stops = strip(page).locator('.stop');
  await expect(stops.first()).toContainText('laptop 192.168.1.10, by');
  await expect(stops.first()).toContainText('30008');
  await expect(stops.nth(2)).toContainText('80 TCP \u2192 80 target port');
  await expect(stops.last()).toContainText('10.244.0.2');
  const tops = await stops.evaluateAll((all) => all.map((each) => each.getBoundingClientRect().top));
  expect(tops, 'from top to bottom').toEqual([...tops].sort((a, b) => a - b));
  await spot(page, 'node:30008').tap();
  await expect(spot(page, 'node:30008')).toHaveAttribute('aria-current', 'true');
  await expect(podwire.inspector(page).locator('h2')).toHaveText('node:30008');
  await expect(podwire.inspector(page)).toBeInViewport();
  expect(await podwire.inspector(page).evaluate((sheet) => getComputedStyle(sheet).position)).toBe('fixed');
  await podwire.inspector(page).getByRole('link', { name: 'Close the inspector' }).tap();
  await expect(podwire.inspector(page).locator('h2')).toHaveCount(0);
  await podwire.expectNoSidewaysScroll(page);
});

test('a broken end is marked and says why', async ({ page }) => {
  await openPhone(page, '/examples/broken?card=cart.default');
  await expect(strip(page).locator('.stop.cut')).toContainText('one letter off');
});

test('Next, Previous and a swipe turn from Service to Service, the address keeps which', async ({ page }) => {
  await openPhone(page, '/examples/broken');
  const first = await shown(page);
  await turn(page, 'Next').tap();
  await expect(one(page)).not.toHaveAttribute('data-strip', first);
  await expect(strip(page).locator('.turn')).toContainText('2 of 5');
  const second = await shown(page);
  await expect.poll(() => new URL(page.url()).searchParams.get('card')).toBe(second);
  await swipe(page, 300, 100);
  await expect(strip(page).locator('.turn')).toContainText('3 of 5');
  await swipe(page, 100, 300);
  await expect(one(page)).toHaveAttribute('data-strip', second);
  await swipe(page, 200, 190);
  await expect(one(page), 'a short move is no swipe').toHaveAttribute('data-strip', second);
  await expect.poll(() => new URL(page.url()).searchParams.get('card')).toBe(second);
  await page.reload();
  await expect(one(page)).toHaveAttribute('data-strip', second);
  await turn(page, 'Previous').tap();
  await expect(one(page)).toHaveAttribute('data-strip', first);
});

test('a finding, a row of the table and a search show the Service that they are about', async ({ page }) => {
  await openPhone(page, '/examples/broken');
  await page.locator('#findings a.locate').first().tap();
  await expect(one(page)).toHaveAttribute('data-strip', 'cart.default');
  await expect(spot(page, 'cart.default:80')).toHaveAttribute('aria-current', 'true');
  await page.locator('#table').getByRole('link', { name: 'logs' }).tap();
  await expect(one(page)).toHaveAttribute('data-strip', /^logs\./);
  const find = page.getByRole('searchbox', { name: 'Find on the board' });
  await find.fill('api-v2');
  await find.press('Enter');
  await expect(one(page)).toHaveAttribute('data-strip', 'api.default');
});

test('a trace shows the Service that it goes to, whichever was shown', async ({ page }) => {
  await openPhone(page, '/examples/multi-port');
  await podwire.write(page, `${await podwire.field(page).inputValue()}---
apiVersion: v1
kind: Service
metadata: {name: aside}
spec: {selector: {app: nobody}, ports: [{port: 80}], type: NodePort}
`);
  await expect(strip(page).locator('.turn')).toContainText('of 2');
  while (await shown(page) !== 'aside.default') {
    const before = await shown(page);
    await turn(page, 'Next').tap();
    await expect(one(page)).not.toHaveAttribute('data-strip', before);
  }
  const at = await podwire.jacks(page).evaluateAll((all) => all.map((each) => each.dataset.at).find((each) => /^[a-z-]+\.default:\d+$/.test(each) && !each.startsWith('aside')));
  await page.locator('#trace').fill(at);
  await page.locator('#trace').press('Enter');
  await expect(one(page)).toHaveAttribute('data-strip', at.split(':')[0]);
  await expect.poll(() => new URL(page.url()).searchParams.get('card')).toBeNull();
  await turn(page, 'Next').tap();
  await expect(one(page)).toHaveAttribute('data-strip', 'aside.default');
});

test('the sheet says why first, and its button to close stays', async ({ page }) => {
  await openPhone(page, '/examples/broken?card=cart.default');
  await spot(page, 'cart.default:80').tap();
  const sheet = podwire.inspector(page);
  await expect(sheet.locator('.finding.error')).toBeInViewport();
  await expect(sheet.getByRole('button', { name: /Apply fix/ })).toBeInViewport({ ratio: 1 });
  const close = sheet.getByRole('link', { name: 'Close the inspector' });
  await sheet.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect.poll(() => sheet.evaluate((element) => element.scrollTop)).toBeGreaterThan(200);
  await expect(close).toBeInViewport({ ratio: 1 });
  await close.tap();
  await expect(sheet.locator('h2')).toHaveCount(0);
});

test('the place of a finding in the sheet leads to its line', async ({ page }) => {
  await openPhone(page, '/examples/broken?card=cart.default');
  await spot(page, 'cart.default:80').tap();
  await podwire.inspector(page).locator('.finding.error a.locate').tap();
  await expect(page.locator('#code .cm-marked')).toHaveText(/^\s+app: cart$/);
  await expect(page.locator('#code .cm-marked')).toBeInViewport();
});

test('the top says where one\'s own text goes, and leads there', async ({ page }) => {
  await openPhone(page, '/');
  await expect(page.getByRole('heading', { level: 1 })).toBeInViewport();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('See where every port of your Services goes');
  const link = page.getByRole('link', { name: 'Your YAML' });
  await expect(link).toBeInViewport({ ratio: 1 });
  await link.tap();
  await expect(podwire.code(page)).toBeInViewport();
  const find = page.getByRole('searchbox', { name: 'Find on the board' });
  const room = await find.evaluate((field) => {
    const words = document.createElement('canvas').getContext('2d');
    const { font, paddingLeft, paddingRight } = getComputedStyle(field);
    words.font = font;
    return field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) - words.measureText(field.placeholder).width;
  });
  expect(room, 'what the field says is not cut').toBeGreaterThanOrEqual(0);
});

test('ways in stand beside each other, none behind another', async ({ page }) => {
  await openPhone(page, '/');
  await expect(strip(page)).toContainText('2 ways in, each by itself');
  // The line of the first passes the jack of the second at its side.
  const [line, jack] = await strip(page).locator('.stop.in').nth(1).evaluate((stop) => {
    const own = (pseudo) => getComputedStyle(stop, pseudo);
    return [parseFloat(own('::before').left) + 2, parseFloat(own('::after').left)];
  });
  expect(line).toBeLessThan(jack);
});

test('ports that pods declare and nobody asks for are there as on the board', async ({ page }) => {
  await openPhone(page, '/examples/port-name-missing');
  await expect(strip(page).locator('.stop.cut')).toContainText('web no port has this name');
  await expect(strip(page).locator('.stop.cut .others')).toHaveText('also declared: 8080 http server');
});

test('whatever is touched is 44 pixels high and wide', async ({ page }) => {
  await openPhone(page, '/examples/broken');
  const small = await page.locator('#strip a, .tools :is(button, input), .filters select, .top :is(button, a.button, input, select), .top nav a').evaluateAll((all) => all.flatMap((each) => {
    const { width, height } = each.getBoundingClientRect();
    return width && (height < 44 || width < 40) ? [`${each.textContent.trim() || each.id}: ${width} by ${height}`] : [];
  }));
  expect(small).toEqual([]);
  await podwire.expectAccessible(page);
});

test('the inspector, a sheet, and the share dialog by keyboard, and for everyone', async ({ page }) => {
  test.slow();
  await openPhone(page, '/examples/broken');
  const first = strip(page).locator('a.spot').first();
  await first.focus();
  await page.keyboard.press('Enter');
  const sheet = podwire.inspector(page);
  await expect(sheet.locator('h2')).not.toBeEmpty();
  await expect(first, 'the focus stays where it was').toBeFocused();
  await podwire.expectAccessible(page);
  // What has the focus is seen above the sheet.
  const [top, bottom] = [await sheet.evaluate((each) => each.getBoundingClientRect().top), await first.evaluate((each) => each.getBoundingClientRect().bottom)];
  expect(bottom).toBeLessThanOrEqual(top + 1);
  await sheet.getByRole('link', { name: 'Close the inspector' }).focus();
  await page.keyboard.press('Enter');
  await expect(sheet.locator('h2')).toHaveCount(0);

  await page.locator('#share').focus();
  await page.keyboard.press('Enter');
  const dialog = page.locator('#shared');
  await expect(page.locator('#share-now')).toBeVisible();
  await podwire.expectAccessible(page);
  const seen = new Set();
  for (let presses = 0; presses < 12; presses += 1) {
    await page.keyboard.press('Tab');
    seen.add(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim()));
    expect(await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest('#shared'))), 'the focus stays in the dialog').toBe(true);
  }
  expect([...seen]).toContain('share-now');
  await page.locator('#share-now').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#share-link')).toBeFocused();
  await podwire.expectAccessible(page);
  const small = await dialog.locator('button, a.button').evaluateAll((all) => all.flatMap((each) => {
    const { width, height } = each.getBoundingClientRect();
    return width && (height < 44 || width < 40) ? [`${each.textContent.trim()}: ${width} by ${height}`] : [];
  }));
  expect(small).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.locator('#share')).toBeFocused();
  await podwire.expectNoSidewaysScroll(page);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('Next is a link, or a button where the text was posted', async ({ page }) => {
    await page.goto('/examples/broken');
    await turn(page, 'Next').tap();
    await expect(strip(page).locator('.turn')).toContainText('2 of 5');
    await podwire.drawButton(page).click();
    const before = await shown(page);
    await strip(page).getByRole('button', { name: 'Next' }).tap();
    await expect(one(page)).not.toHaveAttribute('data-strip', before);
    await podwire.expectNoSidewaysScroll(page);
  });
});

test('a shared diagram, a rule and an error fit as well', async ({ page }) => {
  await openPhone(page, '/');
  const link = await podwire.share(page);
  for (const path of [link, '/rules/selector-matches-nothing', '/d/0000000000000000000000']) {
    await page.goto(path);
    await podwire.expectNoSidewaysScroll(page);
  }
});

test('the ways to the other pages stand apart from each other on every page', async ({ page }) => {
  for (const path of ['/', '/examples', '/words', '/rules', '/rules/invalid-name', '/api', '/privacy', '/nowhere']) {
    await page.goto(path);
    const boxes = await page.getByRole('navigation', { name: 'Site' }).getByRole('link').evaluateAll((links) => links.map((link) => {
      const words = document.createRange();
      words.selectNodeContents(link);
      const [{ left, right }, { height }] = [words.getBoundingClientRect(), link.getBoundingClientRect()];
      return { left, right, height };
    }));
    expect(boxes.length, path).toBe(5);
    for (const [at, box] of boxes.entries()) {
      expect(box.height, `${path}: a finger finds it`).toBeGreaterThanOrEqual(44);
      if (at > 0) expect(box.left - boxes[at - 1].right, path).toBeGreaterThanOrEqual(12);
    }
    await podwire.expectNoSidewaysScroll(page);
  }
});
