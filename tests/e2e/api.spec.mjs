// The API's page: every operation can be read and tried, without another host and within the content policy.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

/** The form of an operation, unfolded by key as a person at a keyboard does. */
async function unfold(page, id) {
  const section = page.locator(`section[aria-labelledby="${id}"]`);
  await section.locator('summary').focus();
  await page.keyboard.press('Enter');
  await expect(section.locator('button')).toBeVisible();
  return section;
}

/** Sends a form: the line that says what came of it. */
async function send(section) {
  await section.getByRole('button', { name: 'Send' }).click();
  await expect(section.locator('.answer pre').first()).toBeVisible();
  return section.locator('.answer p').innerText();
}

test('a diagram is made, shown, drawn and deleted by forms alone', async ({ page }) => {
  // axe looks at every operation with its schema: the longest page that there is.
  test.slow();
  await page.goto('/api');
  const made = await unfold(page, 'createDiagram');
  await made.getByLabel('expires').fill('1h');
  expect(await send(made)).toContain('POST /api/v1/diagrams?state=auto&expires=1h: 201');
  const { id, deleteToken } = JSON.parse(await made.locator('.answer pre').last().innerText());

  const drawn = await unfold(page, 'drawDiagram');
  await drawn.getByLabel('id', { exact: true }).fill(id);
  expect(await send(drawn)).toContain(`GET /d/${id}.svg: 200`);
  await expect(drawn.locator('.answer img')).toBeVisible();

  const deleted = await unfold(page, 'deleteDiagram');
  await deleted.getByLabel('id', { exact: true }).fill(id);
  await deleted.getByLabel('deleteToken').fill(deleteToken);
  expect(await send(deleted)).toContain('204');
  await podwire.expectAccessible(page);
});

test('an upload is traced', async ({ page }) => {
  await page.goto('/api');
  const trace = await unfold(page, 'trace');
  expect(await send(trace)).toContain('POST /api/v1/trace?to=node%3A30008&state=auto: 200');
  await expect(trace.locator('.answer')).toContainText('"outcome": "reaches"');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a form answers with a document', async ({ page }) => {
    await page.goto('/api');
    const section = page.locator('section[aria-labelledby="analyze"]');
    await section.locator('summary').click();
    await section.getByRole('button', { name: 'Send' }).click();
    await expect(page).toHaveURL(/\/api\/v1\/analyze/);
    await expect(page.locator('body')).toContainText('"state":"assumed"');
  });
});
