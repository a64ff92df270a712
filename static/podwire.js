// What the page does beyond links and forms. It works without any of this. What is not needed at the first view comes after
// it, and the editor last.
import { $, note, swapping } from './js/dom.js';
import { desk, restore } from './js/files.js';
import { light } from './js/light.js';
import { redraw } from './js/redraw.js';
import { showLines } from './js/select.js';
import { replace, show } from './js/text.js';
import { lookAt, seen } from './js/view.js';
import './js/filter.js';

const page = document.documentElement;
page.classList.add('js');
light();
if ($('#editor')) edit();
await viewed();
await Promise.all([import('./js/phone.js'), import('./js/share.js'), import('./js/find.js'), import('./js/zoom.js'), import('./js/keys.js'), $('#editor') && Promise.all([import('./js/tabs.js'), import('./js/drop.js'), import('./js/mend.js'), import('./js/tour.js')])]);
page.classList.add('ready');
await idle();
// Whoever selects before it is there fetches it.
swapping().catch(() => {});
if ($('#editor')) await write();

/** Resolves once the first view is there. */
async function viewed() {
  if (document.readyState !== 'complete') await new Promise((done) => { addEventListener('load', done, { once: true }); });
}

async function idle() {
  await new Promise((done) => { (globalThis.requestIdleCallback ?? setTimeout)(done); });
}

function edit() {
  const { address, why } = restore();
  if (address !== undefined) show(desk.current);
  $('#editor').addEventListener('submit', (event) => { event.preventDefault(); redraw(); });
  if (address === undefined) {
    if (why) note(`${why}: what you had here is gone. Choose or paste it again.`);
    return;
  }
  lookAt(address);
  // The page came with another text, on which the address may name nothing.
  $('#at').value = seen('trace') ? '' : seen('at');
  $('#trace').value = seen('trace');
  note(`${why ? `${why}. Your texts are` : 'What you had here is'} back.`, { 'Start over': async () => (await import('./js/undo.js')).startOver() });
  redraw();
}

/** Puts the editor in the place of the field, which stays where it cannot come. */
async function write() {
  try {
    const { open } = await import('./js/code.js');
    replace(open($('#manifest')));
  } catch (error) {
    console.info('The editor did not load; the field works on.', error);
  }
  showLines(seen('at'));
}
