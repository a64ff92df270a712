// What the page does beyond links and forms: redraws while typing, lights paths, opens the inspector, takes drops.
(() => {
  'use strict';
  const $ = (selector, root = document) => root.querySelector(selector);
  const form = $('#editor');
  const text = $('#manifest');
  const picker = $('#file');
  const field = $('#trace');
  const lifetime = $('#expires');
  document.documentElement.classList.add('js');

  // ---- Files: the editor shows one of them; all of them are sent. ----
  const MANIFEST = /\.(ya?ml|json)$/i;
  const ARCHIVE = /\.(zip|tar|tgz|gz)$/i;
  /** @type {{name: string, text?: string, blob?: Blob}[]} */
  let files = [];
  let current = 0;

  // Unsaved text and files survive reload and Back, in this tab only.
  const place = `podwire:text:${location.pathname}`;
  function keep() {
    try {
      if (files.some((file) => file.text === undefined)) sessionStorage.removeItem(place);
      else if (files.length) sessionStorage.setItem(place, JSON.stringify({ files }));
      else if (text.value === text.defaultValue) sessionStorage.removeItem(place);
      else sessionStorage.setItem(place, JSON.stringify({ text: text.value }));
    } catch { /* a full or forbidden storage keeps nothing */ }
  }

  const say = (words) => { $('#live').textContent = words; };
  const note = (words) => { const at = $('#editor-note'); if (at) at.textContent = words; };

  function show(index) {
    current = index;
    const file = files[index];
    text.value = file.text ?? `# ${file.name} is an archive: the server reads the manifests in it.`;
    text.readOnly = file.text === undefined;
    picker.value = String(index);
  }

  function listFiles() {
    picker.hidden = !files.length;
    picker.replaceChildren(...files.map((file, index) => new Option(file.name, String(index))));
  }

  /** Takes files with the names they have in their folder. */
  async function take(entries) {
    const taken = [];
    let left = 0;
    for (const [name, file] of entries) {
      if (MANIFEST.test(name) || entries.length === 1 && !ARCHIVE.test(name)) taken.push({ name, text: await file.text() });
      else if (ARCHIVE.test(name)) taken.push({ name, blob: file });
      else left += 1;
    }
    if (!taken.length) {
      note(`None of the ${entries.length} files is .yaml, .yml, .json or an archive of them.`);
      return;
    }
    files = taken.sort((a, b) => (a.name < b.name ? -1 : 1));
    listFiles();
    show(0);
    keep();
    $('#at').value = '';
    field.value = '';
    history.replaceState(null, '', '/');
    note(`${taken.length} ${taken.length === 1 ? 'file' : 'files'} read${left ? `, ${left} others left out` : ''}. Nothing is kept unless you share it.`);
    redraw();
  }

  /** Everything below a dropped entry. */
  async function walk(entry, into) {
    if (entry.isFile) {
      into.push([entry.fullPath.replace(/^\//, ''), await new Promise((done, fail) => entry.file(done, fail))]);
    } else if (entry.isDirectory && !/(^|\/)(\.git|node_modules)$/.test(entry.fullPath)) {
      const reader = entry.createReader();
      for (;;) {
        const entries = await new Promise((done, fail) => reader.readEntries(done, fail));
        if (!entries.length) break;
        for (const each of entries) await walk(each, into);
      }
    }
  }

  // ---- Redrawing ----
  const redraw = () => htmx.trigger(form, 'redraw');

  if (form) {
    let timer;
    text.addEventListener('input', () => {
      if (files.length) files[current].text = text.value;
      keep();
      clearTimeout(timer);
      timer = setTimeout(redraw, 150);
    });
    picker.addEventListener('change', () => show(Number(picker.value)));
    for (const id of ['#files', '#folder']) {
      $(id).addEventListener('change', (event) => {
        const entries = [...event.target.files].map((file) => [file.webkitRelativePath || file.name, file]);
        event.target.value = '';
        if (entries.length) take(entries);
      });
    }
    document.body.addEventListener('htmx:configRequest', (event) => {
      const data = event.detail.formData;
      if (event.detail.verb !== 'post' || !data) return;
      for (const name of ['text', 'files', 'folder']) data.delete(name);
      data.set('at', $('#at').value);
      if (event.detail.path === '/') asked = $('#at').value;
      data.set('trace', field.value);
      data.set('expires', lifetime.value);
      if (files.length) for (const file of files) data.append('files', file.blob ?? new Blob([file.text], { type: 'application/yaml' }), file.name);
      else data.append('text', text.value);
    });

    const zone = $('#main');
    let depth = 0;
    const over = (change) => { depth = Math.max(0, depth + change); zone.classList.toggle('over', depth > 0); };
    zone.addEventListener('dragenter', (event) => { event.preventDefault(); over(1); });
    zone.addEventListener('dragleave', () => over(-1));
    zone.addEventListener('dragover', (event) => event.preventDefault());
    zone.addEventListener('drop', async (event) => {
      event.preventDefault();
      over(-depth);
      const items = [...event.dataTransfer.items].filter((item) => item.kind === 'file');
      const roots = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
      const plain = [...event.dataTransfer.files];
      const entries = [];
      for (const root of roots) root instanceof File ? entries.push([root.name, root]) : await walk(root, entries);
      if (!entries.length) entries.push(...plain.map((file) => [file.name, file]));
      if (entries.length) take(entries);
      else if (event.dataTransfer.getData('text')) { files = []; listFiles(); text.readOnly = false; text.value = event.dataTransfer.getData('text'); keep(); redraw(); }
    });

    // What the browser itself put back on reload is replaced by what was kept, or by what the page says.
    text.value = text.defaultValue;
    try {
      const kept = JSON.parse(sessionStorage.getItem(place) ?? 'null');
      if (kept?.files) { files = kept.files; listFiles(); show(0); }
      else if (typeof kept?.text === 'string') text.value = kept.text;
      if (kept) {
        note('What you had here is back. ');
        const over = Object.assign(document.createElement('button'), { type: 'button', className: 'link', textContent: 'Start over' });
        over.addEventListener('click', () => { sessionStorage.removeItem(place); location.href = location.pathname; });
        $('#editor-note').append(over);
        addEventListener('DOMContentLoaded', () => setTimeout(redraw));
      }
    } catch { /* nothing readable was kept */ }
  }

  // ---- Lighting paths ----
  const paths = (element) => (element?.dataset.paths ?? '').split(' ').filter(Boolean);

  function light(wanted) {
    const svg = $('#board .scroll>svg');
    if (!svg) return;
    svg.classList.toggle('lighting', wanted.length > 0);
    const traced = !wanted.length && $('[data-traced]', svg);
    const on = new Set(wanted.length ? wanted : selectedPaths());
    for (const each of svg.querySelectorAll('[data-paths]')) each.classList.toggle('lit', traced ? 'traced' in each.dataset : paths(each).some((path) => on.has(path)));
  }

  /** The paths of what is selected: a jack, or a whole card. */
  function selectedPaths() {
    const at = new URLSearchParams(location.search).get('at');
    if (!at) return [];
    const all = [...document.querySelectorAll('#board [data-at], #board [data-card]')];
    const found = all.find((each) => each.dataset.at === at) ?? all.find((each) => each.dataset.card === at);
    return paths(found);
  }
  const target = (event) => event.target.closest?.('#board a.jack-link') ?? event.target.closest?.('#board .card[data-paths]');
  document.addEventListener('pointerover', (event) => { const at = target(event); if (at) light(paths(at)); });
  document.addEventListener('pointerout', (event) => { if (target(event) && !event.relatedTarget?.closest?.('#board .card')) light([]); });
  document.addEventListener('focusin', (event) => { const at = event.target.closest?.('#board a.jack-link'); if (at?.matches(':focus-visible')) light(paths(at)); });
  document.addEventListener('focusout', (event) => { if (event.target.closest?.('#board a.jack-link')) light([]); });

  // ---- Selecting ----
  /** What was selected when the drawing was asked for. */
  let asked = '';
  function mark(at) {
    for (const each of document.querySelectorAll('#board a.jack-link[aria-current]')) each.removeAttribute('aria-current');
    for (const each of document.querySelectorAll('#board [data-traced]')) delete each.dataset.traced;
    field.value = '';
    if (at) for (const each of document.querySelectorAll(`#board a.jack-link[data-at=${CSS.escape(at) === at ? at : JSON.stringify(at)}]`)) each.setAttribute('aria-current', 'true');
    light([]);
  }

  const query = (name, value) => (value ? `?${name}=${encodeURIComponent(value).replaceAll('%3A', ':').replaceAll('%2F', '/')}` : location.pathname);

  async function select(at, push) {
    if (form) $('#at').value = at;
    const address = query('at', at);
    if (push && location.search !== (at ? address : '')) history.pushState(null, '', address);
    const before = $('#board a.jack-link[aria-current]');
    mark(at);
    const swap = { source: document.body, target: '#inspector', swap: 'morph' };
    if (form) await htmx.ajax('POST', '/inspect', swap);
    else await htmx.ajax('GET', address, swap);
    const title = $('#inspector h2');
    if (title && !matchMedia('(max-width:900px)').matches) $('#inspector').scrollIntoView({ block: 'nearest' });
    const jack = $('#board a.jack-link[aria-current]');
    if (title && matchMedia('(max-width:900px)').matches) jack?.scrollIntoView({ block: 'start', inline: 'nearest' });
    if (!at && document.activeElement === document.body) (before ?? $('#board .scroll'))?.focus();
    tell();
  }

  function tell() {
    const title = $('#inspector h2');
    say(title ? `${title.textContent}: ${$('#inspector .sub')?.textContent ?? ''}` : 'Nothing is selected');
  }

  // Tracing draws the editor's text anew, with what the trace lights; a shared diagram, which has none, is a page to open.
  function trace(to, push) {
    field.value = to;
    $('#at').value = '';
    if (push) history.pushState(null, '', query('trace', to));
    redraw();
  }
  $('#tracing')?.addEventListener('submit', (event) => {
    if (!form) return;
    event.preventDefault();
    trace(field.value.trim(), true);
  });

  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest?.('a.jack-link, a.locate, a.close, a.near');
    if (!link || !$('#board') || link.dataset.trace && !form) return;
    event.preventDefault();
    if (link.dataset.trace) { trace(link.dataset.trace, true); return; }
    const at = link.dataset.at ?? '';
    if (link.classList.contains('locate')) {
      if (link.dataset.line) toLine(Number(link.dataset.file), Number(link.dataset.line));
      if (!at) return;
    }
    select(at, true);
    if (link.classList.contains('locate')) $('#board [aria-current], #board .lit')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !$('dialog[open]') && $('#inspector h2') && event.target !== text) select('', true);
  });
  addEventListener('popstate', () => {
    const asked = new URLSearchParams(location.search);
    if (!$('#board')) return;
    if (!asked.get('trace')) select(asked.get('at') ?? '', false);
    else if (form) trace(asked.get('trace'), false);
    else location.reload();
  });

  /** Shows a line of a file in the editor. */
  function toLine(file, line) {
    if (!text) return;
    if (files.length && files[file]) show(file);
    const start = text.value.split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    const end = text.value.indexOf('\n', start);
    text.focus({ preventScroll: true });
    text.setSelectionRange(start, end < 0 ? text.value.length : end);
    text.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(text).lineHeight));
  }

  // ---- Sharing ----
  const share = $('#share');
  const tokens = {
    get: (id) => { try { return localStorage.getItem(`podwire:token:${id}`); } catch { return null; } },
    set: (id, token) => { try { localStorage.setItem(`podwire:token:${id}`, token); } catch { /* deleting then needs the token that was shown */ } },
    drop: (id) => { try { localStorage.removeItem(`podwire:token:${id}`); } catch { /* nothing was kept */ } },
  };
  // The same text has one link, however often it is shared; what is selected is added to it.
  let shared = null;
  const content = () => JSON.stringify([lifetime.value, files.length ? files.map((file) => [file.name, file.text ?? `${file.blob.size} ${file.blob.lastModified}`]) : text.value]);
  const works = (made) => fetch(`/api/v1/diagrams/${made.dataset.id}`, { method: 'HEAD' }).then((answer) => answer.ok, () => false);
  share?.addEventListener('click', async (event) => {
    event.preventDefault();
    const made = $('#shared-content [data-token]');
    const now = content();
    if (made && shared === now && await works(made)) { showLink(made.dataset.url + location.search); return; }
    shared = null;
    await htmx.ajax('POST', '/share', { source: document.body, target: '#shared-content', swap: 'innerHTML' });
    if ($('#shared-content [data-token]')) shared = now;
  });
  function showLink(link) {
    if (link) { $('#share-link').value = link; $('#open-link').href = link; $('#copy-link').textContent = 'Copy'; }
    const dialog = $('#shared');
    if (!dialog.open) dialog.showModal();
    $('#share-link')?.select?.();
  }
  document.addEventListener('htmx:afterSwap', (event) => {
    if (event.detail.target.id !== 'shared-content') return;
    const made = $('#shared-content [data-token]');
    if (made) tokens.set(made.dataset.id, made.dataset.token);
    showLink();
  });
  $('#shared')?.addEventListener('close', () => share?.focus());
  document.addEventListener('click', async (event) => {
    if (event.target.closest?.('#shared .done')) $('#shared').close();
    if (event.target.closest?.('#copy-link')) {
      await navigator.clipboard.writeText($('#share-link').value).then(() => { say('The link is copied'); $('#copy-link').textContent = 'Copied'; }, () => $('#share-link').select());
    }
  });
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

  // ---- What the server says when it does not draw ----
  document.addEventListener('htmx:beforeRequest', (event) => { if (event.detail.elt === form) document.body.classList.add('busy'); });
  document.addEventListener('htmx:afterRequest', (event) => { if (event.detail.elt === form) document.body.classList.remove('busy'); });
  document.addEventListener('htmx:afterSettle', (event) => {
    if (event.detail.target.id !== 'board') return;
    light([]);
    // What was selected while the drawing was under way is not in it.
    if (form && $('#at').value !== asked) { select($('#at').value, false); return; }
    if (field.value) tell(); else say(`${$('#pills')?.textContent ?? ''} drawn`);
  });
  document.addEventListener('htmx:responseError', (event) => {
    let words = 'The server could not draw this.';
    try { words = JSON.parse(event.detail.xhr.responseText).detail ?? words; } catch { /* a page, not a problem document */ }
    note(words);
    say(words);
  });
  document.addEventListener('htmx:sendError', () => { note('The server does not answer; the picture is the last one drawn.'); });
})();
