// The boards that must look right.
import { readFileSync } from 'node:fs';

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

/** What must look right, as YAML documents: the boards that the product's paper names, each by its name. */
export const BOARDS = {
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
  'the first example': [readFileSync(new URL('../../static/examples/node-port.yaml', import.meta.url), 'utf8')],
  'what is broken': [readFileSync(new URL('../../static/examples/broken.yaml', import.meta.url), 'utf8')],
  'one name, two numbers, and one without': [
    service('api', '  selector: {app: api}\n  ports: [{port: 80, targetPort: http}]'),
    deployment('api-v1', 'app: api', container('server', port('http', 8080)), 3),
    deployment('api-v2', 'app: api', container('server', port('http', 9090)), 2),
    deployment('api-v3', 'app: api', container('server', port('web', 9090)), 0)],
};
