// Zooming and moving the board. It is as high as it is: up and down, the page scrolls; to the sides, the board does.
import { $ } from './dom.js';
import { look, seen } from './view.js';

const LEAST = 0.1;
const MOST = 4;
const STEP = 1.25;
/** How far the pointer goes before it drags, in pixels. */
const SLACK = 5;

const scroll = $('#board .scroll');
const svg = $('#board .scroll>svg');
/** How large it is drawn; `fit` for all of it at once, null for as wide as its place. */
let zoom = null;

const now = () => svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
const within = (scale) => Math.min(MOST, Math.max(LEAST, scale));

/** How large the whole board can be drawn at once. */
function whole() {
  const { width, height } = svg.viewBox.baseVal;
  const room = innerHeight - $('#tools').getBoundingClientRect().height - 16;
  return Math.min(scroll.clientWidth / width, room / height, 1);
}

function apply() {
  const scale = zoom === 'fit' ? whole() : zoom;
  svg.style.width = scale ? `${svg.viewBox.baseVal.width * scale}px` : '';
  svg.style.minWidth = scale ? '0' : '';
  tell();
}

/** An empty board has no size. */
const tell = () => { $('#zoom-now').textContent = `${Math.round((svg.viewBox.baseVal.width ? now() || 1 : 1) * 100)}%`; };

/** The middle of what is seen of the board. */
function middle() {
  const { left, right, top, bottom } = scroll.getBoundingClientRect();
  return { x: (left + right) / 2, y: (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2 };
}

/** Draws it so large; what is at a point stays there. */
function set(to, point = middle()) {
  const before = svg.getBoundingClientRect();
  // An empty board is not drawn.
  if (!before.width) return;
  zoom = typeof to === 'number' ? within(to) : to;
  apply();
  const after = svg.getBoundingClientRect();
  scroll.scrollLeft += after.left + ((point.x - before.left) / before.width) * after.width - point.x;
  scrollBy(0, after.top + ((point.y - before.top) / before.height) * after.height - point.y);
  look({ zoom: typeof zoom === 'number' ? String(Math.round(zoom * 100)) : zoom ?? '' });
}

export const zoomIn = () => set(now() * STEP);
export const zoomOut = () => set(now() / STEP);
export const asWide = () => set(null);

/** Shows the whole board. */
export function fit() {
  set('fit');
  $('#board').scrollIntoView({ block: 'start' });
}

function asAsked() {
  const asked = seen('zoom');
  const percent = /^\d{1,3}$/.test(asked) ? Number(asked) : 0;
  zoom = asked === 'fit' ? asked : percent ? within(percent / 100) : null;
  apply();
}

/** Dragging with the mouse or a pen; fingers scroll by themselves. */
function drag(start) {
  if (start.button !== 0 || start.pointerType === 'touch') return;
  const from = { left: scroll.scrollLeft, top: scrollY };
  let dragging = false;
  const stop = new AbortController();
  const { signal } = stop;
  addEventListener('pointermove', (move) => {
    if (move.pointerId !== start.pointerId) return;
    dragging ||= Math.hypot(move.clientX - start.clientX, move.clientY - start.clientY) > SLACK;
    if (!dragging) return;
    scroll.classList.add('dragged');
    scroll.scrollLeft = from.left + start.clientX - move.clientX;
    scrollTo(scrollX, from.top + start.clientY - move.clientY);
  }, { signal });
  const end = () => {
    stop.abort();
    scroll.classList.remove('dragged');
    // The click that ends a drag selects nothing.
    if (!dragging) return;
    const swallow = (click) => { click.preventDefault(); click.stopPropagation(); };
    addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => removeEventListener('click', swallow, { capture: true }));
  };
  addEventListener('pointerup', end, { signal });
  addEventListener('pointercancel', end, { signal });
}

let pinched = null;
const span = ([a, b]) => ({ x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2, apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) });

function pinch(event) {
  if (event.touches.length !== 2) { pinched = null; return; }
  event.preventDefault();
  const next = span(event.touches);
  if (pinched && pinched.apart > 0) {
    scroll.scrollLeft += pinched.x - next.x;
    scrollBy(0, pinched.y - next.y);
    set(now() * (next.apart / pinched.apart), next);
  }
  pinched = next;
}

let turned = 0;
let turning = 0;

if (svg && scroll) {
  scroll.addEventListener('wheel', (event) => {
    // A trackpad's pinch comes as the wheel with Ctrl. The wheel alone scrolls the page.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    turned += Math.max(-25, Math.min(25, event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1)));
    const point = { x: event.clientX, y: event.clientY };
    // The wheel turns more often than there are frames, and each size is laid out anew.
    turning ||= requestAnimationFrame(() => {
      const by = turned;
      [turning, turned] = [0, 0];
      set(now() * Math.exp(-by / 100), point);
    });
  }, { passive: false });
  scroll.addEventListener('pointerdown', drag);
  scroll.addEventListener('dragstart', (event) => { event.preventDefault(); });
  for (const each of ['touchstart', 'touchmove', 'touchend', 'touchcancel']) scroll.addEventListener(each, pinch, { passive: false });
  $('#zoom-in').addEventListener('click', zoomIn);
  $('#zoom-out').addEventListener('click', zoomOut);
  $('#zoom-reset').addEventListener('click', asWide);
  $('#zoom-fit').addEventListener('click', fit);
  addEventListener('resize', apply);
  addEventListener('popstate', asAsked);
  document.addEventListener('podwire:drawn', apply);
  asAsked();
}
