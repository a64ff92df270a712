// What the page does beyond links and forms. It works without any of this, and without the editor that comes last.
import { $, note } from './js/dom.js';
import { desk, restore } from './js/files.js';
import { light } from './js/light.js';
import { redraw } from './js/redraw.js';
import { showLines } from './js/select.js';
import { replace, show, startOver } from './js/text.js';
import { seen } from './js/view.js';
import './js/share.js';
import './js/filter.js';
import './js/find.js';
import './js/zoom.js';
import './js/keys.js';
import './js/phone.js';

document.documentElement.classList.add('js');
light();
if ($('#editor')) await edit();

async function edit() {
  const back = restore();
  if (back) show(desk.current);
  await Promise.all([import('./js/tabs.js'), import('./js/drop.js')]);
  $('#editor').addEventListener('submit', (event) => { event.preventDefault(); redraw(); });
  if (back) {
    // The page came with another text, on which the address may name nothing.
    $('#at').value = seen('trace') ? '' : seen('at');
    $('#trace').value = seen('trace');
    note('What you had here is back.', 'Start over', startOver);
    redraw();
  }

  await import('./js/tour.js');

  // The editor comes once the page is drawn; where it cannot come, the field stays.
  if (document.readyState !== 'complete') await new Promise((done) => { addEventListener('load', done, { once: true }); });
  await new Promise((done) => { (globalThis.requestIdleCallback ?? setTimeout)(done); });
  try {
    const { open } = await import('./js/code.js');
    replace(open($('#manifest')));
  } catch (error) {
    console.info('The editor did not load; the field works on.', error);
  }
  showLines(seen('at'));
}
