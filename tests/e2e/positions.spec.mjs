// What boards must look right: every wire ends at a jack, no text leaves its card or lies on another, no card on another.
// Measured in the browser with the fonts that the page brings, so that it holds on every machine.
import * as podwire from './podwire.mjs';

const { test, expect } = podwire;

const service = (name, spec) => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n${spec}\n`;
const deployment = (name, labels, containers, replicas = 1) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {name: ${name}}}
  template:
    metadata: {labels: {name: ${name}${labels ? `, ${labels}` : ''}}}
    spec: {containers: [${containers}]}
`;
const container = (name, ...ports) => `{name: ${name}, ports: [${ports.join(', ')}]}`;
const port = (name, number, protocol = 'TCP') => `{name: ${name}, containerPort: ${number}, protocol: ${protocol}}`;
const numbers = (count) => Array.from({ length: count }, (_, index) => index);
const LONG = 'a-name-of-sixty-three-characters-which-is-all-that-fits-a-label';

const BOARDS = {
  'ten ports and three workloads': [
    service('web', `  type: NodePort\n  selector: {app: web}\n  ports: [${numbers(10).map((n) => `{name: port-${n}, port: ${80 + n}, targetPort: p${n}, nodePort: ${30100 + n}}`).join(', ')}]`),
    ...numbers(3).map((n) => deployment(`web-${n}`, 'app: web', container('server', ...numbers(10).map((p) => port(`p${p}`, 8000 + p)))))],
  'two Services on one workload, one Service on three': [
    service('both', '  selector: {name: one}\n  ports: [{port: 80, targetPort: 8080}]'),
    service('too', '  selector: {name: one}\n  ports: [{port: 81, targetPort: 8081}]'),
    service('all', '  selector: {tier: back}\n  ports: [{port: 82, targetPort: 8080}]'),
    ...['one', 'two', 'three'].map((name) => deployment(name, 'tier: back', container('server', port('http', 8080), port('admin', 8081))))],
  'names of 63 characters': [
    service(LONG, `  type: LoadBalancer\n  selector: {app: ${LONG}}\n  ports: [{name: a-port-with-63-characters-in-its-name-as-kubernetes-allows-here, port: 65535, targetPort: fifteen-letters}]`),
    deployment(LONG, `app: ${LONG}`, container(LONG, port('fifteen-letters', 65535)), 50)],
  'IPv6, dual stack and all protocols': [
    service('dns', '  clusterIPs: ["fd00:1234:5678:9abc:def0:1234:5678:9abc", "10.96.0.10"]\n  ipFamilies: [IPv6, IPv4]\n  ipFamilyPolicy: RequireDualStack\n  externalIPs: ["2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"]\n  selector: {app: dns}\n  ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}, {name: m3ua, port: 2905, protocol: SCTP}]'),
    deployment('dns', 'app: dns', container('coredns', port('dns', 53, 'UDP'), port('dns-tcp', 53), port('m3ua', 2905, 'SCTP')), 50)],
  'one name, two numbers, and one without': [
    service('api', '  selector: {app: api}\n  ports: [{port: 80, targetPort: http}]'),
    deployment('api-v1', 'app: api', container('server', port('http', 8080)), 3),
    deployment('api-v2', 'app: api', container('server', port('http', 9090)), 2),
    deployment('api-v3', 'app: api', container('server', port('web', 9090)), 0)],
};

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
    await page.goto(`/d/${(await answer.json()).id}`);
    await page.evaluate(() => document.fonts.ready);
    await expect(podwire.wires(page).first()).toBeAttached();
    expect(await faults(page)).toEqual([]);
  });
}

test('every example', async ({ page }) => {
  test.slow();
  await page.goto('/examples');
  const paths = await page.locator('main a[href^="/examples/"]').evaluateAll((links) => [...new Set(links.map((link) => link.getAttribute('href')))]);
  expect(paths.length).toBeGreaterThan(8);
  for (const path of paths) {
    await page.goto(path);
    await page.evaluate(() => document.fonts.ready);
    expect(await faults(page), path).toEqual([]);
  }
});
