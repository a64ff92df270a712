// A text of megabytes in the editor: how often it is sent.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const one = (number) => `apiVersion: v1
kind: Service
metadata: {name: svc-${number}, annotations: {example.com/note: ${'x'.repeat(60_000)}}}
spec: {selector: {app: app-${number}}, ports: [{port: ${1000 + number}, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: app-${number}, labels: {app: app-${number}}}
spec: {containers: [{name: c, ports: [{containerPort: 8080}]}]}
`;
const long = Array.from({ length: 20 }, (_, number) => one(number)).join('---\n');

test('a text of megabytes is sent once one pauses, and not again for each thing that is selected', async ({ page }) => {
  await podwire.open(page);
  const posted = [];
  page.on('request', (request) => { if (request.method() === 'POST') posted.push(`${new URL(request.url()).pathname} ${request.headers()['hx-target']}`); });
  await podwire.write(page, long);
  await expect(podwire.board(page)).toContainText('svc-19');
  posted.length = 0;
  await page.keyboard.press('Control+Home');
  for (const key of '# twenty keys in a r') await page.keyboard.press(key === ' ' ? 'Space' : key);
  // Until all that was typed is drawn.
  await expect.poll(async () => {
    const before = posted.length;
    await page.waitForTimeout(1_000);
    return before > 0 && before === posted.length && !(await page.locator('body.busy').count());
  }).toBe(true);
  expect(posted.length, `once one pauses: ${posted}`).toBeLessThan(10);
  posted.length = 0;
  for (const number of [3, 4, 3]) {
    await podwire.jack(page, `svc-${number}.default:${1000 + number}`).click();
    await podwire.expectSelected(page, `svc-${number}.default:${1000 + number}`);
    await expect(podwire.inspector(page)).toContainText(`Pod app-${number}`);
  }
  await page.keyboard.press('Escape');
  await expect(podwire.inspector(page).locator('h2')).toHaveCount(0);
  expect(posted).toEqual(['/ inspectors']);
  // What is shared is what was typed last.
  await podwire.code(page).focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# the last words');
  const link = await podwire.share(page);
  expect((await page.request.get(`${link}.json`)).status()).toBe(200);
  await page.reload();
  await podwire.editorIsThere(page);
  await expect(podwire.code(page)).toContainText('# the last words');
});
