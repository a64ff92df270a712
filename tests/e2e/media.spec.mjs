// Printed, in forced colours, at 200 %, and with less motion.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;
const top = async (page, selector) => (await page.locator(selector).boundingBox()).y;

test('printed, the board comes first and nothing lies over it, light in every theme', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await podwire.open(page, '/examples/broken?at=cart.default:80');
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.setViewportSize({ width: 794, height: 1123 });
  const order = ['#board', '#inspector', '#findings', '#table'];
  const tops = [];
  for (const each of order) tops.push(await top(page, each));
  expect(tops).toEqual([...tops].sort((a, b) => a - b));
  const { y, height } = await page.locator('#board').boundingBox();
  expect(y + height).toBeLessThanOrEqual(tops[1]);
  const { width } = await podwire.picture(page).boundingBox();
  expect(width, 'the whole board is on the sheet').toBeLessThanOrEqual(794);
  await expect(page.locator('#editor')).toBeHidden();
  const [paper, ink] = await page.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.querySelector('#board .t-title')).fill]);
  expect([paper, ink]).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
});

test('printed on a sheet that is as narrow as a phone, it is the board all the same', async ({ page }) => {
  await podwire.open(page, '/examples/gateway');
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 690, height: 1000 });
  await expect(podwire.picture(page)).toBeVisible();
  await expect(page.locator('.strip')).toBeHidden();
});

test('in forced colours the board has the colours of the system, and what is marked is outlined', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await podwire.open(page, '/examples/broken?at=cart.default:80');
  const [ink, fill, panel] = await page.evaluate(() => {
    const probe = document.body.appendChild(Object.assign(document.createElement('i'), { textContent: '.' }));
    probe.style.color = 'CanvasText';
    return [getComputedStyle(probe).color, getComputedStyle(document.querySelector('#board .t-note')).fill, getComputedStyle(document.querySelector('#board .panel')).stroke];
  });
  expect([fill, panel]).toEqual([ink, ink]);
  await expect(page.locator('#code .cm-marked').first()).toHaveCSS('outline-style', 'solid');
  await expect(podwire.inspector(page).locator('pre .hl').first()).toHaveCSS('outline-style', 'solid');
});

test.describe('at 200 %', () => {
  test.use({ viewport: { width: 720, height: 450 } });

  test('nothing is lost to the side, and what has the focus is not below the sheet', async ({ page }) => {
    await podwire.open(page, '/examples/broken?at=api.default:9000');
    await podwire.expectNoSidewaysScroll(page);
    const sheet = await top(page, '#inspector');
    for (const at of ['cart.default:80', 'billing.prod:80', 'logs.default:514/udp']) {
      const jack = podwire.jack(page, at);
      await page.keyboard.press('Tab');
      await jack.focus();
      const { y, height } = await jack.locator('.hit').boundingBox();
      expect(y + height, at).toBeLessThanOrEqual(sheet);
    }
  });
});

test('with less motion nothing moves', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await podwire.open(page);
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')]
    .filter((each) => { const { transitionDuration, animationDuration } = getComputedStyle(each); return /[1-9]/.test(transitionDuration) || /[1-9]/.test(animationDuration); })
    .map((each) => each.outerHTML.slice(0, 90)));
  expect(moving).toEqual([]);
});
