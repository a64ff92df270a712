// The editor in the place of the form's field: CodeMirror in a shadow root, where its style sheets are adopted ones, which
// the page's content policy allows. Loaded after the first paint.
import * as cm from '../vendor/codemirror.min.js';
import { say } from './dom.js';
import { shown } from './files.js';
import { lightCaret } from './light.js';
import { drawn } from './redraw.js';
import { mend } from './mend.js';
import { written } from './text.js';
import { colours, look, words } from './code-look.js';

const { Decoration, EditorState, EditorView, StateEffect, StateField } = cm;

/** Lines to mark, by their places; none to mark nothing. */
const markLines = StateEffect.define();
const marked = StateField.define({
  create: () => Decoration.none,
  update(lines, transaction) {
    let now = lines.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(markLines)) now = Decoration.set(effect.value.map((at) => Decoration.line({ class: 'cm-marked' }).range(at)));
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Opens an editor in the place of a field. */
export function open(area) {
  const host = document.createElement('div');
  host.id = 'code';
  host.className = 'writing';
  const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
  root.append(Object.assign(document.createElement('p'), { id: 'keys', hidden: true, textContent: words.keys }));

  /** Each file has a state, and so an undo history, of its own. */
  const states = new WeakMap();
  const scrolls = new WeakMap();
  let file;
  // Tab goes on through the page, until one is at work in the text: then it indents, and Escape lets it go on again.
  let atWork = false;
  const indent = (command) => (view) => atWork && command(view);

  const extensions = [
    cm.lineNumbers(),
    cm.lintGutter(),
    cm.highlightActiveLine(),
    cm.highlightActiveLineGutter(),
    cm.highlightSpecialChars(),
    cm.history(),
    cm.yaml(),
    cm.indentOnInput(),
    cm.indentUnit.of('  '),
    cm.search({ top: true }),
    cm.keymap.of([
      { key: 'Tab', run: indent(cm.indentMore), shift: indent(cm.indentLess) },
      { key: 'F8', run: finding(cm.nextDiagnostic), shift: finding(cm.previousDiagnostic) },
      ...cm.searchKeymap,
      ...cm.historyKeymap,
      ...cm.defaultKeymap,
    ]),
    marked,
    colours,
    look,
    EditorView.contentAttributes.of({ 'aria-label': 'Manifests', 'aria-describedby': 'keys', autocapitalize: 'off', autocorrect: 'off', tabindex: '0' }),
    EditorView.domEventHandlers({
      pointerdown: () => { atWork = true; return false; },
      input: () => { atWork = true; return false; },
      blur: () => { atWork = false; return false; },
      keydown: (event) => {
        if (event.key === 'Escape') atWork = false;
        return false;
      },
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) written(update.state.doc);
      if (update.docChanged || update.selectionSet || update.focusChanged) atCaret();
    }),
  ];
  const stateOf = (each) => states.get(each)
    ?? EditorState.create({ doc: shown(each), extensions: [...extensions, EditorState.readOnly.of(each.text === undefined)] });

  // What has the focus in the field has it in the editor.
  const focused = document.activeElement === area;
  const { selectionStart, selectionEnd, scrollTop } = area;
  area.after(host);
  const view = new EditorView({ parent: root, root });

  /** Lights the path of whatever the caret stands in. */
  function atCaret() {
    const line = view.state.doc.lineAt(view.state.selection.main.head).number;
    const number = drawn.good.files.indexOf(file?.name || '-');
    const within = drawn.good.places.filter(([, of, first, last]) => of === number && first <= line && line <= last);
    const smallest = within.reduce((best, each) => (best && best[3] - best[2] < each[3] - each[2] ? best : each), null);
    lightCaret(view.hasFocus && smallest ? smallest[0] : '');
  }
  document.addEventListener('podwire:drawn', atCaret);

  const lineFrom = (number) => view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines)).from;
  /** Scrolls the editor, and nothing around it. */
  const scrollTo = (line) => {
    view.scrollDOM.scrollTop = Math.max(0, view.lineBlockAt(lineFrom(line)).top - 3 * view.defaultLineHeight);
  };

  const editor = {
    show(next) {
      if (file) {
        states.set(file, view.state);
        scrolls.set(file, view.scrollDOM.scrollTop);
      }
      file = next;
      const state = stateOf(file);
      // A text that was changed from outside while another was shown is a text of its own.
      view.setState(file.text === undefined || state.doc.toString() === file.text ? state : EditorState.create({ doc: file.text, extensions }));
      view.scrollDOM.scrollTop = scrolls.get(file) ?? 0;
    },
    reveal(first, last, select) {
      const to = view.state.doc.line(Math.min(last, view.state.doc.lines)).to;
      if (select) {
        view.dispatch({ selection: { anchor: lineFrom(first), head: to } });
        // It takes the caret along, which the focus alone would put where it was.
        view.focus();
      }
      const lines = Array.from({ length: last - first + 1 }, (_, index) => lineFrom(first + index));
      view.dispatch({ effects: markLines.of([...new Set(lines)]) });
      scrollTo(first);
    },
    unmark() {
      if (view.state.field(marked).size) view.dispatch({ effects: markLines.of([]) });
    },
    tell(findings) {
      view.dispatch(cm.setDiagnostics(view.state, findings.map(diagnostic)));
    },
    edit(of, edits) {
      const change = { changes: edits, userEvent: 'input.fix', annotations: cm.isolateHistory.of('full') };
      if (of === file) view.dispatch(change);
      else {
        const { state } = stateOf(of).update(change);
        states.set(of, state);
        of.text = state.doc.toString();
      }
    },
    focus: () => view.focus(),
  };

  if (focused) {
    queueMicrotask(() => {
      view.dispatch({ selection: { anchor: selectionStart, head: selectionEnd } });
      view.contentDOM.focus({ preventScroll: true });
      view.scrollDOM.scrollTop = scrollTop;
      atWork = true;
    });
  }
  return editor;
}

/** A finding as the editor shows it: underlined, in the margin, and in words with its fix when pointed at. */
function diagnostic({ key, severity, message, help, rule, fix, from, to }) {
  return {
    from,
    to,
    severity,
    message,
    markClass: 'cm-found',
    renderMessage() {
      const box = document.createElement('div');
      const what = box.appendChild(document.createElement('p'));
      what.append(Object.assign(document.createElement('b'), { className: severity, textContent: severity }), ` ${message}`);
      box.append(Object.assign(document.createElement('p'), { className: 'help', textContent: help }));
      box.append(Object.assign(document.createElement('a'), { href: `/rules/${rule}`, textContent: rule }));
      return box;
    },
    actions: fix ? [{ name: `Apply fix: ${fix.title}`, apply: () => mend(key) }] : [],
  };
}

/** Goes to a finding and reads it out. */
function finding(go) {
  return (view) => {
    if (!go(view)) return false;
    const { from, to } = view.state.selection.main;
    cm.forEachDiagnostic(view.state, (each, start, end) => {
      if (start === from && end === to) say(`${each.severity}: ${each.message}. ${each.help ?? ''}`);
    });
    return true;
  };
}
