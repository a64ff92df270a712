// Reading why: what is broken says so first, and leads to its line; what is lit follows the pointer.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

/** Two files: one before whose lines nothing is, and one whose target port is wrong in its last line. */
const FILES = {
  'catalog.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: catalog}
spec:
  replicas: 2
  selector: {matchLabels: {app: catalog}}
  template:
    metadata: {labels: {app: catalog}}
    spec:
      containers:
        - name: api
          image: c
          ports:
            - name: web
              containerPort: 9000
---
apiVersion: v1
kind: Service
metadata:
  name: catalog
spec:
  selector:
    app: catalog
  ports:
    - name: http
      port: 80
      targetPort: http
`,
  'frontend.yaml': `apiVersion: v1
kind: Service
metadata:
  name: frontend
spec:
  selector:
    app: frontent
  ports:
    - name: http
      port: 80
---
apiVersion: v1
kind: Pod
metadata:
  name: frontend
  labels:
    app: frontend
spec:
  containers:
    - name: web
      image: c
      ports:
        - name: http
          containerPort: 80
`,
};

async function openFiles(page) {
  await podwire.open(page);
  await podwire.drop(page, FILES);
  await expect(podwire.brokenEnds(page)).toHaveCount(2);
}

const place = (page, name) => page.locator('#findings').getByRole('link', { name, exact: true });
const marked = (page) => page.locator('#code .cm-marked');
const active = (page) => page.locator('#code .cm-activeLine');
const tab = (page, name) => podwire.tabs(page).filter({ hasText: name });

test.describe('the place of a finding', () => {
  test('is where the caret goes, in its file, shown and marked', async ({ page }) => {
    await openFiles(page);
    await podwire.code(page).focus();
    await page.keyboard.press('Control+Home');
    for (let time = 0; time < 2; time += 1) {
      await place(page, 'catalog.yaml:27').click();
      await expect(tab(page, 'catalog.yaml')).toHaveAttribute('aria-selected', 'true');
      await expect(active(page)).toHaveText('      targetPort: http');
      await expect(active(page)).toBeInViewport();
      await expect(marked(page)).toHaveText(['      targetPort: http']);
      await expect(podwire.code(page)).toBeFocused();
      await podwire.expectSelected(page, 'catalog.default:80');
      await expect(active(page), 'it stays there').toHaveText('      targetPort: http');
      await place(page, 'frontend.yaml:7').click();
      await expect(tab(page, 'frontend.yaml')).toHaveAttribute('aria-selected', 'true');
      await expect(active(page)).toHaveText('    app: frontent');
      await expect(marked(page)).toHaveText(['    app: frontent']);
    }
    await page.keyboard.press('End');
    await page.keyboard.type('d');
    await expect(podwire.field(page)).toHaveValue(/app: frontentd\n/);
  });

  test('is a link beside the reason as well', async ({ page }) => {
    await openFiles(page);
    await podwire.jack(page, 'catalog.default:80').click();
    await podwire.inspector(page).getByRole('link', { name: 'catalog.yaml:27', exact: true }).click();
    await expect(active(page)).toHaveText('      targetPort: http');
    await expect(podwire.code(page)).toBeFocused();
  });

  test('is selected in the field where the editor did not come', async ({ page, complaints }) => {
    await page.route('**/codemirror*', (route) => route.abort());
    await page.goto('/');
    await podwire.scriptsAreThere(page);
    await podwire.drop(page, FILES);
    await place(page, 'frontend.yaml:7').click();
    await podwire.expectSelected(page, 'frontend.default:80');
    const selected = () => podwire.field(page).evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    expect(await selected()).toBe('    app: frontent');
    await place(page, 'catalog.yaml:27').click();
    await expect.poll(selected).toBe('      targetPort: http');
    complaints.length = 0;
  });
});

test.describe('why', () => {
  test('comes before the hops, with its fix', async ({ page }) => {
    await openFiles(page);
    await podwire.jack(page, 'frontend.default:80').click();
    await podwire.expectSelected(page, 'frontend.default:80');
    const fault = podwire.inspector(page).locator('.finding.error');
    await expect(fault).toContainText('selector asks for "app=frontent"');
    const top = async (locator) => (await locator.boundingBox()).y;
    expect(await top(fault)).toBeLessThan(await top(podwire.hops(page).first()));
    const fix = fault.getByRole('button', { name: /Apply fix/ });
    await expect(fix).toBeInViewport({ ratio: 1 });
    await fix.click();
    await expect(podwire.brokenEnds(page)).toHaveCount(1);
  });

  test('the end of a wire marks the line at fault, not the port', async ({ page }) => {
    await openFiles(page);
    await podwire.board(page).locator('.card.end').first().click();
    await podwire.expectSelected(page, 'frontend.default:80');
    await expect(tab(page, 'frontend.yaml')).toHaveAttribute('aria-selected', 'true');
    await expect(marked(page)).toHaveText(['    app: frontent']);
    await expect(marked(page)).toBeInViewport();
  });
});

test('the number of what is broken leads to it, with and without scripts', async ({ page, browser, baseURL }) => {
  await podwire.open(page, '/examples/broken');
  const pill = page.locator('#pills').getByRole('link', { name: /broken$/ });
  await pill.click();
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(() => new URL(page.url()).search).toBe('?broken=1');
  await page.goBack();
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'false');
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const plain = await context.newPage();
  await plain.goto('/examples/broken');
  await plain.locator('#pills').getByRole('link', { name: /broken$/ }).click();
  await expect(plain.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
  await podwire.drawButton(plain).click();
  await plain.locator('#pills').getByRole('button', { name: /broken$/ }).click();
  await expect(plain.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
  await context.close();
});

test('what each pod gets is said in the same words by a trace and by a selection', async ({ page }) => {
  await podwire.open(page);
  await podwire.drop(page, { 'catalog.yaml': FILES['catalog.yaml'].replace('targetPort: http', 'targetPort: web') });
  await podwire.jack(page, 'catalog.default:80').click();
  await expect(podwire.inspector(page)).toContainText('reaches 2 pods, 50 % of the connections each');
  await page.locator('#trace').fill('catalog.default:80');
  await page.keyboard.press('Enter');
  await expect(podwire.inspector(page).locator('.sub')).toHaveText('Reaches 2 pods, 50 % of the connections each.');
  await expect(podwire.inspector(page).locator('.share')).toHaveText('50 % each');
});

test('what is lit follows the pointer through every board', async ({ page }) => {
  const many = Array.from({ length: 120 }, (_, index) => `apiVersion: v1
kind: Service
metadata: {name: s${index}, namespace: n${index % 4}}
spec: {selector: {app: a${index}}, ports: [{port: 80}]}
---
apiVersion: v1
kind: Pod
metadata: {name: p${index}, namespace: n${index % 4}, labels: {app: ${index < 10 ? 'x' : 'a'}${index}}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}
`).join('---\n');
  await podwire.open(page);
  await podwire.write(page, many);
  await expect(page.locator('#overview')).toBeVisible();
  const card = (name) => page.locator('#overview').getByRole('link', { name, exact: true });
  await card('n1').click();
  const inside = podwire.board(page).locator('.card.way-in, .card.inside').first();
  await inside.hover();
  await expect(page.locator('#board svg.lighting')).toBeVisible();
  await page.goBack();
  await expect(page.locator('#overview')).toBeVisible();
  // By its key: no pointer moves.
  await card('n2').focus();
  await page.keyboard.press('Enter');
  await expect(podwire.picture(page)).toBeVisible();
  await page.mouse.move(2, 2);
  await expect(page.locator('#board svg.lighting')).toHaveCount(0);
});
