// How the editor looks: the page's own colours and type, which reach into the shadow root as custom properties.
import * as cm from '../vendor/codemirror.min.js';

const { Decoration, EditorView, HighlightStyle, RangeSetBuilder, ViewPlugin, syntaxHighlighting, syntaxTree, tags } = cm;

export const words = {
  keys: 'Once you have typed, Tab indents. Press Escape, then Tab, to leave the editor. F8 goes to the next finding.',
};

const highlighted = syntaxHighlighting(HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), class: 'y-key' },
  { tag: [tags.string, tags.content], class: 'y-text' },
  { tag: tags.comment, class: 'y-comment' },
  { tag: [tags.meta, tags.keyword, tags.labelName, tags.typeName], class: 'y-mark' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], class: 'y-sign' },
]));

/** Numbers, booleans and nulls as Kubernetes reads them: YAML's grammar has plain scalars only. */
const PLAIN = /^(?:[-+]?(?:0[xob]?[0-9a-fA-F]+|\d[\d_]*(?:\.\d*)?(?:[eE][-+]?\d+)?)|true|false|yes|no|on|off|null|~)$/i;
const value = Decoration.mark({ class: 'y-value' });

const values = ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = this.find(view); }

  update(update) {
    if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state)) this.decorations = this.find(update.view);
  }

  find(view) {
    const found = new RangeSetBuilder();
    for (const { from, to } of view.visibleRanges) {
      syntaxTree(view.state).iterate({
        from,
        to,
        enter: ({ name, from: start, to: end, node }) => {
          if (name !== 'Literal' || end - start > 40 || node.parent?.name === 'Key') return;
          if (PLAIN.test(view.state.sliceDoc(start, end))) found.add(start, end, value);
        },
      });
    }
    return found.finish();
  }
}, { decorations: (plugin) => plugin.decorations });

export const colours = [highlighted, values];

/** The shape of a finding's severity: a cross, a triangle, a ring; the same in every colour scheme. */
const cross = 'polygon(20% 6%,50% 36%,80% 6%,94% 20%,64% 50%,94% 80%,80% 94%,50% 64%,20% 94%,6% 80%,36% 50%,6% 20%)';

export const look = EditorView.theme({
  '&': { height: '100%', color: 'var(--ink)', backgroundColor: 'var(--panel)', borderRadius: '0 0 10px 10px', fontSize: '12.5px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: '"JetBrains Mono", ui-monospace, monospace', fontWeight: '500', lineHeight: '1.6', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '8px 0', caretColor: 'var(--ink)' },
  '.cm-line': { padding: '0 12px 0 6px' },
  '.cm-gutters': { backgroundColor: 'var(--panel)', color: 'var(--dim)', border: '0' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '26px', padding: '0 6px 0 4px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--ink) 5%, transparent)', color: 'inherit' },
  '&.cm-focused .cm-activeLineGutter': { color: 'var(--ink)' },
  '.cm-line.cm-marked': { backgroundColor: 'color-mix(in srgb, var(--accent) 13%, transparent)', boxShadow: 'inset 3px 0 var(--accent)' },
  '@media (forced-colors: active)': { '.cm-line.cm-marked': { outline: '1px solid Highlight', outlineOffset: '-1px' } },
  '.cm-content ::selection, .cm-line::selection': { backgroundColor: 'color-mix(in srgb, var(--accent) 30%, transparent)' },
  '.cm-searchMatch': { backgroundColor: 'transparent', boxShadow: 'inset 0 0 0 1px var(--wait)', borderRadius: '2px' },
  '.cm-searchMatch-selected': { boxShadow: 'inset 0 0 0 2px var(--accent)' },
  '.cm-specialChar': { color: 'var(--bad)' },

  '.y-key': { color: 'var(--accent)' },
  '.y-text': { color: 'var(--ink)' },
  '.y-value': { color: 'var(--code-value)' },
  '.y-value *': { color: 'inherit' },
  '.y-comment': { color: 'var(--dim)', fontStyle: 'italic' },
  '.y-mark': { color: 'var(--wait)' },
  '.y-sign': { color: 'var(--dim)' },

  '.cm-gutter-lint': { width: '16px' },
  '.cm-gutter-lint .cm-gutterElement': { padding: '0 0 0 4px' },
  '.cm-lint-marker': { width: '11px', height: '11px', marginTop: '4.5px', forcedColorAdjust: 'none', cursor: 'pointer' },
  '.cm-lint-marker-error': { content: 'normal', backgroundColor: 'var(--bad)', clipPath: cross },
  '.cm-lint-marker-warning': { content: 'normal', backgroundColor: 'var(--wait)', clipPath: 'polygon(50% 4%,100% 94%,0 94%)' },
  '.cm-lint-marker-hint, .cm-lint-marker-info': { content: 'normal', border: '2.5px solid var(--dim)', borderRadius: '50%', boxSizing: 'border-box' },
  '.cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-hint, .cm-lintRange-info': { backgroundImage: 'none', paddingBottom: '0', textDecorationSkipInk: 'none', textUnderlineOffset: '3px' },
  '.cm-lintRange-error': { textDecoration: 'underline wavy var(--bad) 1.5px' },
  '.cm-lintRange-warning': { textDecoration: 'underline wavy var(--wait) 1.5px' },
  '.cm-lintRange-hint, .cm-lintRange-info': { textDecoration: 'underline dotted var(--dim) 2px' },
  '.cm-lintRange-active': { backgroundColor: 'transparent' },
  '.cm-lintPoint::after': { borderBottomColor: 'var(--bad)' },

  '.cm-tooltip': { zIndex: '20', border: '1px solid var(--line)', borderRadius: '10px', backgroundColor: 'var(--panel)', color: 'var(--ink)', boxShadow: '0 8px 28px rgb(0 0 0 / .22)', overflow: 'hidden' },
  '.cm-tooltip-lint': { maxWidth: 'min(420px, calc(100vw - 24px))', padding: '0', font: '13px/1.5 Inter, system-ui, sans-serif' },
  '.cm-diagnostic': { padding: '9px 12px', border: '0', borderLeft: '4px solid var(--dim)', marginLeft: '0' },
  '.cm-diagnostic + .cm-diagnostic': { borderTop: '1px solid var(--line)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--bad)' },
  '.cm-diagnostic-warning': { borderLeftColor: 'var(--wait)' },
  '.cm-diagnostic p': { margin: '0', overflowWrap: 'anywhere' },
  '.cm-diagnostic .help': { color: 'var(--dim)', fontSize: '12.5px', margin: '2px 0 3px' },
  '.cm-diagnostic b.error': { color: 'var(--bad)' },
  '.cm-diagnostic b.warning': { color: 'var(--wait)' },
  '.cm-diagnostic a': { color: 'var(--accent)', fontSize: '12px', marginRight: '12px' },
  '.cm-diagnosticText': { display: 'block' },
  '.cm-diagnosticAction': { margin: '7px 8px 0 0', padding: '4px 11px', minHeight: '28px', border: '0', borderRadius: '8px', backgroundColor: 'var(--accent)', color: 'var(--on-accent)', font: '600 12.5px Inter, system-ui, sans-serif', cursor: 'pointer' },
  '.cm-diagnosticAction:focus-visible, .cm-diagnostic a:focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '2px' },

  '.cm-panels': { backgroundColor: 'var(--zone)', color: 'var(--ink)', zIndex: '2' },
  '.cm-panels-top': { borderBottom: '1px solid var(--line)' },
  '.cm-panel.cm-search': { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '5px', padding: '6px 30px 6px 8px', font: '12px Inter, system-ui, sans-serif' },
  '.cm-panel.cm-search br': { flexBasis: '100%', height: '0', content: '""' },
  '.cm-panel.cm-search label': { display: 'inline-flex', alignItems: 'center', gap: '3px', fontSize: '12px' },
  '.cm-textfield': { flex: '1 1 110px', minWidth: '0', minHeight: '26px', margin: '0', padding: '0 8px', border: '1px solid var(--line)', borderRadius: '6px', backgroundColor: 'var(--bg)', color: 'var(--ink)', fontSize: '12px' },
  '.cm-button': { minHeight: '26px', margin: '0', padding: '0 9px', border: '1px solid var(--line)', borderRadius: '6px', backgroundImage: 'none', backgroundColor: 'var(--panel)', color: 'var(--ink)', fontSize: '12px', cursor: 'pointer' },
  '.cm-textfield:focus-visible, .cm-button:focus-visible, .cm-panel input:focus-visible, .cm-panel [name=close]:focus-visible': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '.cm-panel.cm-search [name=close]': { top: '6px', right: '6px', width: '24px', height: '24px', borderRadius: '6px', color: 'var(--dim)', fontSize: '18px', cursor: 'pointer' },
});
