// Sharing a diagram, copying its link, and deleting it.
import { $, say, swapping } from './dom.js';
import { desk, payload } from './files.js';
import { refuse } from './redraw.js';
import { ASKED, here, seen } from './view.js';

const share = $('#share');
const tokens = {
  get: (id) => { try { return localStorage.getItem(`podwire:token:${id}`); } catch { return null; } },
  set: (id, token) => { try { localStorage.setItem(`podwire:token:${id}`, token); } catch { /* deleting then needs the token that was shown */ } },
  drop: (id) => { try { localStorage.removeItem(`podwire:token:${id}`); } catch { /* nothing was kept */ } },
};

// The same text has one link, however often it is shared; what is selected is added to it.
let shared = null;
const content = () => JSON.stringify([$('#expires').value, desk.files.map((file) => [file.name, file.text ?? `${file.blob.size} ${file.blob.lastModified}`])]);
const works = (made) => fetch(`/api/v1/diagrams/${made.dataset.id}`, { method: 'HEAD' }).then((answer) => answer.ok, () => false);

share?.addEventListener('click', async (event) => {
  event.preventDefault();
  const made = $('#shared-content [data-token]');
  const now = content();
  if (made && shared === now && await works(made)) { showLink(linkOf(made)); return; }
  shared = null;
  await preview();
});

// What is selected is known by its names, which a diagram without names does not have.
const linkOf = (made) => made.dataset.url + ('nameless' in made.dataset ? '' : here());
const into = (path) => swapping().then(({ ajax }) => ajax('POST', path, { source: document.body, target: '#shared-content', swap: 'innerHTML' })).catch(() => {});

// What is shared is what the editor has, and what is looked at.
document.body.addEventListener('htmx:configRequest', ({ detail: { formData } }) => {
  payload(desk.files, formData);
  formData.set('at', $('#at').value);
  formData.set('trace', seen('trace'));
  for (const name of ASKED) formData.set(name, seen(name));
  formData.set('expires', $('#expires').value);
  formData.set('names', $('#replace')?.checked ? 'replaced' : 'kept');
});
document.addEventListener('htmx:responseError', (event) => refuse(event.detail.xhr.responseText));
document.addEventListener('htmx:sendError', () => refuse());

/** What the preview is of; nothing where nobody waits for one. */
let previewed = null;
/** What is being shared, so that whoever clicks twice shares once. */
let sharing = null;
function preview() {
  previewed = content();
  // What waited to be shared gives its turn to the preview.
  sharing = null;
  return into('/share/preview');
}

document.addEventListener('change', async ({ target }) => {
  if (target.id !== 'replace' || !share) return;
  const isOpen = $('.masked-text')?.open;
  await preview();
  $('.masked-text')?.toggleAttribute('open', isOpen);
  $('#replace')?.focus();
});

function shareNow() {
  if (sharing) return;
  sharing = content();
  into('/share');
}
document.addEventListener('htmx:afterRequest', ({ detail }) => {
  if (detail.requestConfig.path !== '/share') return;
  if ($('#shared-content [data-token]')) shared = sharing;
  sharing = null;
});

function showLink(link) {
  if (link) { $('#share-link').value = link; $('#open-link').href = link; }
  for (const row of document.querySelectorAll('#shared-content .share-row:not([data-url])')) fieldOf(row);
  unsay();
  const dialog = $('#shared');
  if (!dialog.open) dialog.showModal();
  $('#share-link')?.select?.();
}

document.addEventListener('htmx:afterSwap', (event) => {
  if (event.detail.target.id !== 'shared-content') return;
  const made = $('#shared-content [data-token]');
  // What was written since must be seen before it is shared.
  if (!made && !previewed) return;
  if (!made && content() !== previewed) { preview(); return; }
  if (made) tokens.set(made.dataset.id, made.dataset.token);
  showLink(made && linkOf(made));
});

// One button at a time says that it copied.
const unsay = () => document.querySelectorAll('.copy').forEach((button) => { button.firstElementChild.textContent = 'Copy'; });

// What is copied, and what the page links to, shows what is seen now.
function fieldOf(row) {
  const field = $('input', row);
  const isNameless = Boolean($('[data-nameless]', row.parentElement));
  const query = isNameless ? '' : view();
  if (row.dataset.url) field.value = row.dataset.url + (isNameless ? '' : here());
  else if (field.dataset.pattern) field.value = field.dataset.pattern.replaceAll('{?}', query).replace('{&}', query.replace('?', '&').replaceAll('&', '&amp;'));
  return field;
}

/** The query of what is seen, as Markdown takes it. How large it is drawn is the page's own. */
const view = () => here(false).replace(/[()]/g, (each) => `%${each.charCodeAt(0).toString(16)}`);

function leadToView() {
  for (const link of document.querySelectorAll('[data-face]')) link.href = link.dataset.face + view();
  for (const row of document.querySelectorAll('.elsewhere[open] .share-row')) fieldOf(row);
}
for (const event of ['podwire:looked', 'popstate', 'podwire:drawn']) addEventListener(event, leadToView);

async function copy(button) {
  const field = fieldOf(button.parentElement);
  await navigator.clipboard.writeText(field.value).then(() => {
    unsay();
    button.firstElementChild.textContent = 'Copied';
    say('Copied');
  }, () => field.select());
}

$('.elsewhere')?.addEventListener('toggle', ({ target }) => {
  for (const row of target.querySelectorAll('.share-row')) fieldOf(row);
  unsay();
});

$('#shared')?.addEventListener('close', () => { previewed = null; share?.focus(); });

document.addEventListener('click', async (event) => {
  if (event.target.closest?.('#shared .done')) $('#shared').close();
  if (event.target.closest?.('#share-now')) shareNow();
  const button = event.target.closest?.('.copy');
  if (button) await copy(button);
});

const byToken = $('#delete-by-token');
const openAsAsked = () => { if (byToken && location.hash === '#delete-by-token') byToken.open = true; };
addEventListener('hashchange', openAsAsked);
openAsAsked();

const remove = $('#delete');
if (remove && tokens.get(remove.dataset.id)) {
  remove.hidden = false;
  remove.addEventListener('click', async () => {
    if (!confirm('Delete this diagram? Its link stops working for everyone.')) return;
    const id = remove.dataset.id;
    const answer = await fetch(`/api/v1/diagrams/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${tokens.get(id)}` } });
    if (answer.ok || answer.status === 410) { tokens.drop(id); location.reload(); } else say('It could not be deleted');
  });
}
