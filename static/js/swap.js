// Putting an answer into the page. What comes in the same words as before stays as it is: comparing the words of cards,
// wires and rows takes a millisecond, where parsing and laying out those of a hundred Services takes a hundred.
import { $ } from './dom.js';

const PARTS = ['board', 'pills', 'inspector', 'findings', 'table', 'filters', 'strip', 'told'];

/** What is in the page, in the words of the answer that it came with. */
const there = {};

/** Has a part of the next answer taken whole: something was done to it that no answer said. */
export const forgetThere = (part) => { delete there[part]; };

/** Cuts an answer into its parts. */
export function cut(html) {
  // A shared diagram tells no editor anything.
  const starts = PARTS.map((part) => [html.indexOf(` id="${part}"`), html.length]).map(([at, end]) => (at < 0 ? end : html.lastIndexOf('<', at)));
  return Object.fromEntries(PARTS.map((part, index) => [part, html.slice(starts[index], starts[index + 1])]));
}

/** What the data in an answer says. */
export const toldIn = ({ told }) => (told ? JSON.parse(told.slice(told.indexOf('>') + 1, told.lastIndexOf('</script>'))) : nothingTold());

/** What is told where there is nothing to edit. */
export const nothingTold = () => ({ files: [], findings: [], places: [], lines: {} });

/** The addresses of the cards of a board. */
const cardsOn = (board) => Array.from(board.querySelectorAll('[data-card]'), (card) => card.dataset.card);

/** Whether something on the board is not in an answer. */
export function takesAway({ board }) {
  const cards = new Set(cardsOn(parse(board)));
  return cardsOn($('#board')).some((card) => !cards.has(card));
}

/** Puts parts of an answer in the place of those that are there. */
export function swap(parts, names) {
  for (const name of names) {
    // The inspector is filled by others as well.
    if (name !== 'inspector' && there[name]?.words === parts[name]) continue;
    const take = { board: takeBoard, table: takeTable }[name] ?? takeWhole;
    there[name] = { words: parts[name], ...take(name, parts[name], there[name]) };
  }
}

function parse(words) {
  const template = document.createElement('template');
  template.innerHTML = words;
  return template.content.firstElementChild;
}

function takeWhole(name, words) {
  const focused = document.activeElement?.id;
  // Before it is there, whatever is in the part is put anew.
  if (globalThis.Idiomorph) Idiomorph.morph(document.getElementById(name), parse(words), { morphStyle: 'outerHTML' });
  else document.getElementById(name).replaceWith(parse(words));
  // A field that is there before and after keeps the focus, even where another element took its place.
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
}

/** Cuts words at each match: what is before the first, the pieces, and what is after `end`. */
function pieces(words, begin, end) {
  const starts = Array.from(words.matchAll(begin), ({ index }) => index);
  if (!starts.length) return { frame: words, all: [] };
  const stop = words.indexOf(end, starts.at(-1));
  return { frame: words.slice(0, starts[0]) + words.slice(stop), all: starts.map((start, index) => words.slice(start, starts[index + 1] ?? stop)) };
}

/** Brings elements in line with new pieces; those in the same words stay. */
function splice(container, elements, before, now, wrap) {
  let from = 0;
  const old = elements.length === before.length ? before : [];
  const sameLength = elements.length === old.length && old.length === now.length;
  while (from < old.length && old[from] === now[from]) from += 1;
  let tail = 0;
  while (tail < Math.min(old.length, now.length) - from && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const changed = [];
  for (let index = from; index < now.length - tail; index += 1) if (!sameLength || old[index] !== now[index]) changed.push(index);
  const fresh = [...wrap(changed.map((index) => now[index]).join('')).children];
  if (sameLength) {
    changed.forEach((index, place) => elements[index].replaceWith(fresh[place]));
    return;
  }
  const next = tail ? elements[elements.length - tail] : null;
  for (const gone of elements.slice(from, elements.length - tail)) gone.remove();
  for (const each of fresh) container.insertBefore(each, next);
}

function takeBoard(name, words, before) {
  const focused = document.activeElement?.closest?.('#board a.jack-link')?.dataset.at;
  const cards = pieces(words, /<g class="card /g, '</svg>');
  const wires = pieces(cards.frame, /<g class="wire-g /g, '</svg>');
  // The end of the last wire is the end of all of them.
  const ends = wires.all.length ? wires.all.pop() : '';
  const end = ends.lastIndexOf('</g>');
  if (ends) wires.all.push(ends.slice(0, end));
  const frame = ends ? wires.frame.replace('</svg>', () => `${ends.slice(end)}</svg>`) : wires.frame;

  const board = document.getElementById(name);
  const svg = $('.scroll>svg', board);
  if (frame !== before?.frame) takeFrame(board, svg, parse(frame));
  const wrap = (some) => parse(`<svg>${some}</svg>`);
  const group = $('.wires', svg);
  splice(group, [...group.children], before?.wires ?? [], wires.all, wrap);
  splice(svg, [...svg.children].filter((each) => each.matches('.card')), before?.cards ?? [], cards.all, wrap);
  if (focused && !board.contains(document.activeElement)) $(`a.jack-link[data-at=${JSON.stringify(focused)}]`, board)?.focus({ preventScroll: true });
  return { frame, wires: wires.all, cards: cards.all };
}

/** Takes what is around the wires and cards; the part that scrolls stays, and so does what they are in. */
function takeFrame(board, svg, fresh) {
  const scroll = $('.scroll', board);
  const other = $('.scroll>svg', fresh);
  for (const { name, value } of [...other.attributes]) if (name !== 'class') svg.setAttribute(name, value);
  for (const each of [...svg.children]) if (!each.matches('.wires, .card')) each.remove();
  svg.prepend(...[...other.children].filter((each) => !each.matches('.wires')));
  for (const each of [...scroll.children]) if (each !== svg) each.remove();
  scroll.prepend(...[...$('.scroll', fresh).children].filter((each) => each !== other));
  for (const each of [...board.children]) if (each !== scroll) each.remove();
  board.append(...[...fresh.children].filter((each) => !each.matches('.scroll')));
}

function takeTable(name, words, before) {
  const { frame, all } = pieces(words, /<tr id="/g, '</tbody>');
  const body = $('#table tbody');
  if (!body || frame !== before?.frame) {
    takeWhole(name, words);
    return { frame, all };
  }
  splice(body, [...body.children], before.all, all, (rows) => parse(`<table><tbody>${rows}</tbody></table>`).tBodies[0]);
  return { frame, all };
}
