// What boards must look right: every wire ends at a jack, no text leaves its card or lies on another, no card on another.
// Measured in the browser with the fonts that the page brings, so that it holds on every machine.
import { BOARDS } from './boards.mjs';
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

/** What is wrong with the board as it is drawn. */
const faults = (page) => podwire.picture(page).evaluate((svg) => {
  const found = [];
  const ints = (text) => text.match(/-?\d+(\.\d+)?/g).map(Number);
  const jacks = [...svg.querySelectorAll('.jack')].map((jack) => ints(jack.getAttribute('transform')));
  const cards = [...svg.querySelectorAll('.card')].map((card) => {
    const panel = card.querySelector('.panel');
    const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(panel.getAttribute(name)));
    return { card, x, y, right: x + width, bottom: y + height, name: card.getAttribute('aria-label') };
  });
  const near = (a, b) => Math.abs(a - b) < 0.01;
  for (const wire of svg.querySelectorAll('.wires path.wire')) {
    const way = wire.getAttribute('d');
    const [x, y, ...rest] = ints(way);
    const [endX, endY] = way.includes('C') ? rest.slice(-2) : [way.includes('h') ? x + rest[0] : rest[0], y];
    if (!jacks.some(([left, top]) => near(left + 7, x) && near(top, y))) found.push(`a wire begins at no jack: ${way}`);
    const cut = wire.parentElement.querySelector('.cross');
    const end = cut && !way.includes('h') ? endX + 15 : endX;
    const atJack = jacks.some(([left, top]) => near(left - 7, end) && near(top, endY));
    const atCard = cards.some((card) => near(card.x, end) && card.y < endY && endY < card.bottom);
    if (!way.includes('h') && !atJack && !atCard) found.push(`a wire ends at nothing: ${way}`);
    const through = cards.find((card) => card.right > x && card.x < endX && card.bottom > Math.min(y, endY) && card.y < Math.max(y, endY));
    if (through) found.push(`a wire goes across ${through.name}: ${way}`);
  }
  for (const [index, a] of cards.entries()) {
    for (const b of cards.slice(index + 1)) {
      if (a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom) found.push(`${a.name} lies on ${b.name}`);
    }
    const texts = [...a.card.querySelectorAll('text')].filter((text) => text.lastChild).map((text) => ({ words: text.lastChild.textContent, box: text.getBBox() }));
    for (const [place, { words, box }] of texts.entries()) {
      if (box.x < a.x - 0.5 || box.x + box.width > a.right + 0.5) found.push(`"${words}" leaves ${a.name} by ${Math.max(a.x - box.x, box.x + box.width - a.right).toFixed(1)} px`);
      if (box.y < a.y || box.y + box.height > a.bottom + 1) found.push(`"${words}" is above or below ${a.name}`);
      for (const other of texts.slice(place + 1)) {
        const sideways = Math.min(box.x + box.width, other.box.x + other.box.width) - Math.max(box.x, other.box.x);
        const down = Math.min(box.y + box.height, other.box.y + other.box.height) - Math.max(box.y, other.box.y);
        // Lines stand closer than the boxes of their fonts are high.
        if (sideways > 0.5 && down > 5) found.push(`"${words}" lies on "${other.words}" of ${a.name}`);
      }
    }
  }
  return found;
});

for (const [name, objects] of Object.entries(BOARDS)) {
  test(name, async ({ page, request }) => {
    const answer = await request.post('/api/v1/diagrams', { data: objects.join('---\n'), headers: { 'content-type': 'application/yaml' } });
    await podwire.fonts(page);
    await page.goto(`/d/${(await answer.json()).id}`);
    await expect(podwire.wires(page).first()).toBeAttached();
    expect(await faults(page)).toEqual([]);
  });
}

test('every example', async ({ page }) => {
  test.slow();
  await podwire.fonts(page);
  await page.goto('/examples');
  const paths = await page.locator('main a[href^="/examples/"]').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href')))]);
  expect(paths.length).toBeGreaterThan(8);
  for (const path of paths) {
    await page.goto(path);
    expect(await faults(page), path).toEqual([]);
  }
});
