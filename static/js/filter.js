// "Broken only": the server draws a board of what is broken, in which nothing stands between.
import { $ } from './dom.js';
import { redraw } from './redraw.js';
import { here, look, seen } from './view.js';

const button = $('#broken');

/** What the board there shows, as the address writes it: `1` for what is broken, empty for everything. */
export const shown = () => (button?.getAttribute('aria-pressed') === 'true' ? '1' : '');

const press = () => button?.setAttribute('aria-pressed', String(seen('broken') === '1'));

/** Draws what the address now asks for; a shared diagram, which has no text here, is a page to open. */
export async function draw() {
  if (!$('#editor')) {
    location.assign(here() || location.pathname);
    return;
  }
  press();
  await redraw();
}

/** Draws what is broken, or everything again. */
export function toggleBroken() {
  look({ broken: shown() ? '' : '1' }, true);
  return draw();
}

button?.addEventListener('click', (event) => { event.preventDefault(); toggleBroken(); });
document.addEventListener('click', (event) => {
  if (!event.target.closest?.('#board .show-all')) return;
  event.preventDefault();
  toggleBroken();
  button.focus();
});
document.addEventListener('podwire:drawn', press);
