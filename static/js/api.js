// The forms of /api send what they say and show the answer beside it. Without this they are forms, whose answer is a page.

const LONGEST = 100_000;

document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('form[data-operation]')) return;
  event.preventDefault();
  const at = form.querySelector('.answer');
  const button = form.querySelector('button');
  button.disabled = true;
  at.replaceChildren('Waiting for the answer…');
  try {
    const { url, ...request } = asked(form);
    const answer = await fetch(url, request);
    at.replaceChildren(...await shown(form.dataset.method, url, answer));
  } catch (error) {
    at.replaceChildren(`There was no answer: ${error.message}`);
  }
  button.disabled = false;
});

/** What a form asks for. */
function asked(form) {
  let path = form.getAttribute('action');
  const query = new URLSearchParams();
  const headers = {};
  let body;
  for (const field of form.querySelectorAll('[data-in]')) {
    const value = field.value.trim();
    switch (field.dataset.in) {
      case 'path': path = path.replace(`{${field.name}}`, encodeURIComponent(value)); break;
      case 'query': if (value) query.set(field.name, value); break;
      case 'header': if (value) headers[field.name] = value; break;
      case 'token': headers.authorization = `Bearer ${value}`; break;
      default: body = field.value; headers['content-type'] = 'application/yaml';
    }
  }
  const url = query.size ? `${path}?${query}` : path;
  return { url, method: form.dataset.method, headers, body };
}

async function shown(method, url, answer) {
  const first = line('p', `${method} ${url}: ${answer.status} ${answer.statusText}`);
  const headers = line('pre', [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n'));
  const kind = answer.headers.get('content-type') ?? '';
  if (kind.startsWith('image/')) {
    const picture = new Image();
    const blob = await answer.blob();
    const read = new FileReader();
    await new Promise((done) => { read.onload = done; read.readAsDataURL(blob); });
    picture.src = read.result;
    picture.alt = 'The answer, a picture';
    return [first, headers, picture];
  }
  let text = await answer.text();
  if (kind.includes('json')) text = JSON.stringify(JSON.parse(text), null, 2);
  const rest = text.length - LONGEST;
  const body = line('pre', rest > 0 ? `${text.slice(0, LONGEST)}\n… and ${rest} characters more` : text);
  return text ? [first, headers, body] : [first, headers];
}

function line(name, text) {
  const element = Object.assign(document.createElement(name), { textContent: text });
  if (name === 'pre') { element.className = 'fixture'; element.tabIndex = 0; }
  return element;
}
