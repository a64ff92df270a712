// Diagrams as text for other tools: the real Mermaid and the real Graphviz take what Podwire writes, whatever things are called.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const MERMAID = here('node_modules/mermaid/dist/mermaid.min.js');

const HOSTILE = ['a"]; end', '<img src=x onerror=alert(1)>', 'a\\"b\\N', '%%{init: {}}%%', 'graph', 'a --> b', '&lt;b&gt;#quot;', '</TABLE>>', 'click c0 call alert()', '`x`', '‮txet'];
const hostile = HOSTILE.map((name, at) => `---
apiVersion: v1
kind: Service
metadata: {name: ${JSON.stringify(name)}, namespace: ${JSON.stringify(HOSTILE[(at + 1) % HOSTILE.length])}}
spec: {selector: {app: ${JSON.stringify(name)}}, ports: [{name: ${JSON.stringify(name)}, port: ${at + 1}, targetPort: ${JSON.stringify(name)}}]}
`).join('');

const texts = [
  ...readdirSync(here('../../static/examples')).filter((name) => name.endsWith('.yaml')).map((name) => [name, readFileSync(here(`../../static/examples/${name}`), 'utf8')]),
  ['hostile names', hostile],
  ['nothing at all', '{}'],
];

async function face(request, text, extension) {
  const made = await request.post('/api/v1/diagrams', { headers: { 'content-type': 'application/yaml' }, data: text });
  expect(made.status()).toBe(201);
  const answer = await request.get(`${(await made.json()).url}.${extension}`);
  expect(answer.status()).toBe(200);
  expect(answer.headers()['content-type']).toBe('text/plain; charset=utf-8');
  return answer.text();
}

const services = (text) => text.match(/^kind: Service$/gm)?.length ?? 0;

test('Graphviz draws every example', async ({ request }) => {
  for (const [name, text] of texts) {
    const dot = await face(request, text, 'dot');
    const svg = execFileSync('dot', ['-Tsvg'], { input: dot, stdio: ['pipe', 'pipe', 'pipe'] }).toString();
    expect(svg.match(/class="node"/g)?.length ?? 0, name).toBe(dot.match(/^ {2}c\d+ \[/gm)?.length ?? 0);
    expect(svg.match(/class="edge"/g)?.length ?? 0, name).toBe(dot.match(/ -> /g)?.length ?? 0);
    expect(svg.match(/class="node"/g)?.length ?? 0, name).toBeGreaterThanOrEqual(services(text));
    expect(svg, name).not.toMatch(/<(script|img|a) /);
  }
});

test('Mermaid draws every example', async ({ page, request }) => {
  await page.goto('about:blank');
  await page.addScriptTag({ path: MERMAID });
  for (const [name, text] of texts) {
    const flowchart = await face(request, text, 'mmd');
    const drawn = await page.evaluate(async (flowchart) => {
      globalThis.mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
      const { svg } = await globalThis.mermaid.render('drawn', flowchart);
      const held = new DOMParser().parseFromString(svg, 'text/html').body;
      const count = (selector) => held.querySelectorAll(selector).length;
      return { edges: count('path.flowchart-link'), strange: count('script, img, a'), words: held.textContent };
    }, flowchart);
    expect(drawn.strange, name).toBe(0);
    expect(drawn.edges, name).toBe(flowchart.match(/^ {2}c\d+r\d+ (-->|--x|-\.->|-\.-) c/gm)?.length ?? 0);
    if (name === 'hostile names') {
      for (const said of HOSTILE.slice(0, 4)) expect(drawn.words).toContain(said);
    }
  }
});
