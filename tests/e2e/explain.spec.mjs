// What the words and jacks on the board mean: for a pointer, for the keyboard, for fingers, and without scripts.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;
const box = (page) => page.locator('#about');
const term = (page, slug) => podwire.board(page).locator(`[data-term=${slug}]`).first();

test('a word that is pointed at says what it is; the pointer may go in; Escape ends it', async ({ page }) => {
  await podwire.open(page);
  await term(page, 'node-port-written').hover();
  await expect(box(page)).toBeVisible();
  await expect(box(page)).toContainText('30008');
  await expect(box(page)).toContainText('written');
  const link = box(page).getByRole('link');
  await expect(link).toHaveAttribute('href', /^https:\/\/kubernetes\.io\/docs\//);
  await link.hover();
  await page.waitForTimeout(600);
  await expect(box(page), 'it stays while the pointer is in it').toBeVisible();
  await page.keyboard.press('Escape');
  await expect(box(page)).toBeHidden();

  await term(page, 'target-port-written').hover();
  await expect(box(page)).toContainText('targetPort');
  await page.mouse.move(4, 890);
  await expect(box(page), 'it goes with the pointer').toBeHidden();
});

test('what is defaulted says so, and by which rule', async ({ page }) => {
  await podwire.open(page, '/examples/multi-port');
  await term(page, 'target-port-defaulted').hover();
  await expect(box(page)).toContainText('defaulted');
  await expect(box(page)).toContainText('the same number as the Service');
});

test('a jack that has the focus says what is on it; a key goes in, Escape comes back', async ({ page }) => {
  await podwire.open(page);
  await page.keyboard.press('Tab');
  const jack = podwire.jack(page, 'node:30008');
  await jack.focus();
  await expect(box(page)).toContainText('nodePort');
  await page.keyboard.press('Escape');
  await expect(box(page)).toBeHidden();
  await expect(jack).toBeFocused();
  await page.keyboard.press('i');
  await expect(box(page).getByRole('link').first()).toBeFocused();
  for (const words of ['nodePort', 'Jack of a node port', 'Address of a node', 'Client outside', 'Ways in', 'Cluster']) {
    await expect(box(page), 'the row, its card, the client, and where it stands').toContainText(words);
  }
  await page.keyboard.press('Escape');
  await expect(box(page)).toBeHidden();
  await expect(jack).toBeFocused();
  expect(new URL(page.url()).searchParams.get('at'), 'nothing was selected').toBeNull();
});

test('everything on the board is explained, and the legend as well', async ({ page }) => {
  await podwire.open(page, '/examples/broken');
  const known = await page.evaluate(async () => {
    const words = new DOMParser().parseFromString(await (await fetch('/words')).text(), 'text/html');
    return [...words.querySelectorAll('.word')].map((word) => word.id);
  });
  const there = await podwire.board(page).locator('[data-term]').evaluateAll((all) => [...new Set(all.map((each) => each.dataset.term))]);
  expect(there.filter((each) => !known.includes(each))).toEqual([]);
  const mute = await podwire.picture(page).evaluate((svg) => [...svg.querySelectorAll('text:not([data-term]), .jack:not([data-term]), .pip:not([data-term])')]
    .filter((each) => each.textContent || each.localName !== 'text').map((each) => each.outerHTML));
  expect(mute).toEqual([]);
  await podwire.board(page).getByRole('link', { name: 'nobody answers' }).click();
  await expect(box(page)).toContainText('A red line with a cross');
  expect(new URL(page.url()).pathname, 'the page stays').toBe('/examples/broken');
});

test.describe('with fingers', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

  test('a tapped word says what it is, a tapped jack in the inspector', async ({ page }) => {
    await page.goto('/');
    await podwire.editorIsThere(page);
    const strip = page.locator('#strip');
    await strip.locator('[data-term=cluster-ip-example]').tap();
    await expect(box(page)).toContainText('clusterIP');
    await expect(box(page)).toContainText('example');
    const { x, width } = await box(page).boundingBox();
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x + width).toBeLessThanOrEqual(360);
    await strip.locator('a.spot[data-at="node:30008"]').tap();
    await expect(box(page)).toBeHidden();
    const words = podwire.inspector(page).locator('.explained');
    await expect(words.getByText('nodePort', { exact: true })).toBeVisible();
    await expect(words.getByText('Listens at', { exact: true })).toBeVisible();
  });

  test('every word and mark of a narrow board is explained', async ({ page, request }) => {
    const known = await (await request.get('/words')).text();
    for (const path of ['/', '/examples/broken?card=cart.default', '/examples/traffic-policies', '/examples/scaled-to-zero']) {
      await page.goto(path);
      const mute = await page.locator('#strip .one').evaluate((one) => [...one.querySelectorAll('.spot .words>span, .spot .place>span, .spot .from>span, .pip, header>span')]
        .filter((each) => !each.dataset.term && each.textContent !== '\u2192').map((each) => each.outerHTML));
      expect(mute, path).toEqual([]);
      const terms = await page.locator('#strip [data-term]').evaluateAll((all) => [...new Set(all.map((each) => each.dataset.term))]);
      expect(terms.length, path).toBeGreaterThan(8);
      expect(terms.filter((each) => !known.includes(`id="${each}"`)), path).toEqual([]);
    }
    await page.goto('/');
    await podwire.editorIsThere(page);
    await page.locator('#strip a.spot').last().focus();
    await page.keyboard.press('i');
    await expect(box(page)).toContainText('A manifest says nothing of readiness');
  });
});

test('the explanations are accessible', async ({ page }) => {
  await podwire.open(page, '/?at=node:30008');
  await podwire.inspector(page).locator('.explained summary').click();
  await podwire.jack(page, 'node:30008').focus();
  await page.keyboard.press('i');
  await expect(box(page)).toBeVisible();
  await podwire.expectAccessible(page);
});

test('the page of all words is accessible', async ({ page }) => {
  test.slow();
  await page.goto('/words');
  await podwire.expectAccessible(page);
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the inspector and a page say what the words mean', async ({ page }) => {
    await page.goto('/?at=node:30008');
    await podwire.inspector(page).locator('.explained summary').click();
    await expect(podwire.inspector(page).locator('.explained')).toContainText('30008 nodePort written');
    await podwire.board(page).getByRole('link', { name: 'taken to be ready' }).click();
    await expect(page.locator('.word:target')).toContainText('A manifest says nothing of readiness');
  });
});
