// Choosing what the board shows: filters, "Broken only", the boards of an overview. The server draws what is chosen.
import { $, say } from './dom.js';
import { finds, redraw } from './redraw.js';
import { CHOOSE, look, seen } from './view.js';

const button = $('#broken');

/** Whether anything is left out of the board that is shown, so that what is not there may be elsewhere. */
export const isPart = () => Boolean($('#overview')) || CHOOSE.some((name) => name !== 'find' && seen(name));

function press() {
  button?.setAttribute('aria-pressed', String(seen('broken') === '1'));
  for (const select of document.querySelectorAll('#filters select')) select.value = seen(select.name);
}

/** Draws what the address now asks for. */
export async function draw() {
  press();
  await redraw();
}

/** Shows another board. What is selected stays where it may be on that one as well. */
export async function choose(changes, keep = false) {
  const lit = keep && !finds() ? {} : { at: '', trace: '' };
  if ('at' in lit) {
    if ($('#at')) $('#at').value = changes.at ?? '';
    $('#trace').value = changes.trace ?? '';
  }
  look({ page: '', service: '', card: '', ...lit, ...changes }, true);
  await draw();
}

/** Shows everything. */
export const clearFilters = () => choose({ ...Object.fromEntries(CHOOSE.map((name) => [name, ''])), find: '' }, true);

/** Draws what is broken, or everything again. */
export const toggleBroken = () => choose({ broken: seen('broken') ? '' : '1' }, true);

/** Goes to the board before or after this one. */
export const turn = (way) => $(`#filters .${way}`)?.click();

/** Says what became of a group; whoever pressed its card, which is gone, goes on from its button. */
function tellFold(name) {
  const button = document.getElementById(`fold-${name}`);
  if (!button) return;
  if (document.activeElement === document.body) button.focus({ preventScroll: true });
  say(`${button.textContent.trim()}, ${button.getAttribute('aria-expanded') === 'true' ? 'open' : 'folded'}`);
}

/** Goes to what folds. */
export const toFolds = () => $('.folds .fold')?.focus();

/** Goes to a filter. */
export const toFilter = (name) => $(`#filter-${name}`)?.focus();

button?.addEventListener('click', (event) => { event.preventDefault(); toggleBroken(); });

document.addEventListener('change', ({ target }) => {
  if (target.matches?.('#filters select')) choose({ [target.name]: target.value }, true);
});

// A link to another board says in its address what that one shows.
document.addEventListener('click', async (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const link = event.target.closest?.('a.choose');
  if (!link || link.closest('#strip')) return;
  event.preventDefault();
  // A link of the picture has its address in another form.
  const asked = new URL(link.href.baseVal ?? link.href, location).searchParams;
  const names = [...CHOOSE, 'at', 'trace'];
  await choose(Object.fromEntries(names.map((name) => [name, asked.get(name) ?? ''])));
  const { fold } = link.dataset;
  if (fold) { tellFold(fold); return; }
  if (document.activeElement === document.body) (link.matches('.show-all') ? button : $('#board .scroll')).focus({ preventScroll: true });
  if ($('#board').getBoundingClientRect().top < 0) $('#tools').scrollIntoView({ block: 'start' });
});

document.addEventListener('podwire:drawn', press);
