// What one wrote is not lost: not to other files, not to Undo, not to a fresh start, not to a reload in silence.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const service = (name) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
`;
const told = (page) => page.locator('#note');
const act = (page, name) => told(page).getByRole('button', { name });
const has = (page, name) => expect(podwire.board(page).locator(`[data-card="${name}.default"]`)).toBeVisible();
const hasNot = (page, name) => expect(podwire.board(page).locator(`[data-card="${name}.default"]`)).toHaveCount(0);
const file = (name, text = service(name)) => ({ name: `${name}.yaml`, mimeType: 'application/yaml', buffer: Buffer.from(text) });

async function openMine(page) {
  await podwire.open(page);
  await podwire.write(page, service('pasted'));
  await has(page, 'pasted');
}

test('files say that they stand in the place of what was there; Undo is undone by Redo, with what was written since', async ({ page }) => {
  await openMine(page);
  await page.locator('#files').setInputFiles([file('one'), file('two')]);
  await has(page, 'two');
  await hasNot(page, 'pasted');
  await expect(told(page)).toContainText('2 files read, in the place of what was here.');
  await podwire.tabs(page).nth(1).click();
  await podwire.write(page, service('since'));
  await has(page, 'since');
  await act(page, 'Undo').click();
  await has(page, 'pasted');
  await hasNot(page, 'since');
  await expect(podwire.tabs(page)).toHaveCount(1);
  await act(page, 'Redo').click();
  await has(page, 'since');
  await has(page, 'one');
  await act(page, 'Undo').click();
  await has(page, 'pasted');
});

test('both are kept, if one says so; a file of the same name is the newer one', async ({ page }) => {
  await openMine(page);
  await page.locator('#files').setInputFiles([file('one')]);
  await has(page, 'one');
  await act(page, 'Keep both').click();
  await has(page, 'pasted');
  await has(page, 'one');
  await expect(podwire.tabs(page)).toHaveText([/^manifests\.yaml/, /^one\.yaml/]);
  await page.locator('#files').setInputFiles([file('one', service('newer'))]);
  await has(page, 'newer');
  await act(page, 'Keep both').click();
  await has(page, 'pasted');
  await has(page, 'newer');
  await hasNot(page, 'one');
  await expect(podwire.tabs(page)).toHaveCount(2);
});

test('files in the place of an example, or of nothing, are no loss', async ({ page }) => {
  await podwire.open(page, '/?at=node:30008');
  await page.locator('#files').setInputFiles([file('one')]);
  await has(page, 'one');
  await expect(told(page)).toHaveText(/^1 file read\. Undo/);
  await expect(act(page, 'Keep both')).toHaveCount(0);
  await expect(page.locator('#at'), 'what was selected is not in them').toHaveValue('');
  await act(page, 'Undo').click();
  await podwire.expectSelected(page, 'node:30008');
});

test('what is chosen of the board belongs to its text', async ({ page }) => {
  await podwire.open(page, '/examples/broken?broken=1');
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
  await page.locator('#files').setInputFiles([file('one'), { ...file('pods'), buffer: Buffer.from('kind: Pod\napiVersion: v1\nmetadata: {name: p, labels: {app: one}}\nspec: {containers: [{name: c, image: c}]}\n') }]);
  await has(page, 'one');
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'false');
  expect(new URL(page.url()).search).toBe('');
  await act(page, 'Undo').click();
  await expect(page.locator('#broken')).toHaveAttribute('aria-pressed', 'true');
});

test('a fresh start can be taken back', async ({ page }) => {
  await openMine(page);
  await page.reload();
  await has(page, 'pasted');
  await act(page, 'Start over').click();
  await expect(podwire.jack(page, 'node:30008')).toBeVisible();
  await act(page, 'Undo').click();
  await has(page, 'pasted');
  await page.reload();
  await has(page, 'pasted');
});

test('a closed file comes back beside those that were added since', async ({ page }) => {
  await openMine(page);
  await page.locator('#files').setInputFiles([file('one'), file('two')]);
  await has(page, 'two');
  await page.getByRole('button', { name: 'Close the file' }).click();
  await hasNot(page, 'one');
  await page.getByRole('button', { name: 'Add a file' }).click();
  await podwire.write(page, service('added'));
  await has(page, 'added');
  await act(page, 'Undo').click();
  for (const name of ['one', 'two', 'added']) await has(page, name);
});

test('what is too large to be kept over a reload says so, and nothing older stands for it', async ({ page }) => {
  test.slow();
  await openMine(page);
  await page.locator('#files').setInputFiles([file('large', `${service('large')}${`# ${'x'.repeat(98)}\n`.repeat(80_000)}`)]);
  await has(page, 'large');
  await expect(told(page)).toContainText('This is too large to be kept over a reload.');
  await page.reload();
  await podwire.editorIsThere(page);
  await expect(told(page)).toContainText('This is too large to be kept over a reload: what you had here is gone.');
  await hasNot(page, 'pasted');
});

test('an archive says that it is not kept over a reload', async ({ page }) => {
  await openMine(page);
  await page.locator('#files').setInputFiles({ name: 'chart.tar', mimeType: 'application/x-tar', buffer: Buffer.alloc(1024) });
  await expect(told(page)).toContainText('An archive is not kept over a reload.');
  await page.reload();
  await expect(told(page)).toContainText('what you had here is gone');
  await hasNot(page, 'pasted');
});

test('texts beside an archive are kept over a reload without it', async ({ page }) => {
  await openMine(page);
  await page.locator('#files').setInputFiles([{ name: 'chart.tar', mimeType: 'application/x-tar', buffer: Buffer.alloc(1024) }, file('one'), file('two')]);
  await has(page, 'two');
  await podwire.tabs(page).filter({ hasText: 'two.yaml' }).click();
  await podwire.write(page, service('typed'));
  await has(page, 'typed');
  await page.reload();
  for (const name of ['one', 'typed']) await has(page, name);
  await expect(told(page)).toContainText('An archive is not kept over a reload. Your texts are back.');
  await expect(podwire.tabs(page)).toHaveText([/^one\.yaml/, /^two\.yaml/]);
  await expect(podwire.tabs(page).nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.reload();
  await has(page, 'typed');
  await expect(told(page)).toContainText('What you had here is back.');
});

test.describe('after a fix', () => {
  const TYPO = `${service('cart').replace('{app: cart}', '{app: carts}')}---
kind: Pod
apiVersion: v1
metadata: {name: p, labels: {app: cart}}
spec: {containers: [{name: c, image: c, ports: [{containerPort: 80}]}]}
`;

  async function mend(page) {
    await podwire.open(page);
    await podwire.write(page, TYPO);
    await expect(podwire.brokenEnds(page)).toHaveCount(1);
    await page.locator('#findings .fix').first().click();
    await expect(podwire.brokenEnds(page)).toHaveCount(0);
    await expect(told(page)).toContainText('Fix applied. Line 4: ');
  }

  test('it says where, in view, and Undo takes it back', async ({ page }) => {
    await mend(page);
    await expect(told(page)).toBeInViewport();
    await act(page, 'Undo').click();
    await expect(podwire.brokenEnds(page)).toHaveCount(1);
    await expect(podwire.field(page)).toHaveValue(TYPO);
    await expect(told(page)).toContainText('The fix is undone.');
  });

  test('what is written next takes the words back, and so does Ctrl+Z', async ({ page }) => {
    await mend(page);
    await podwire.code(page).focus();
    await page.keyboard.press('Control+z');
    await expect(podwire.field(page)).toHaveValue(TYPO);
    await expect(told(page)).toBeEmpty();
  });

  test.describe('on a phone', () => {
    test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 780 } });

    test('the words are in view, and can be closed', async ({ page }) => {
      await mend(page);
      await expect(told(page)).toBeInViewport({ ratio: 1 });
      await podwire.expectNoSidewaysScroll(page);
      await act(page, 'Close this message').tap();
      await expect(told(page)).toBeEmpty();
    });
  });
});
