// What the editor looks like: the custom properties of the pages, so that light and
// dark follow by themselves.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--surface)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    fontSize: "0.875em",
  },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "0", borderColor: "var(--accent)" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontVariantLigatures: "none", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "0.5rem 0" },
  ".cm-line": { padding: "0 0.75rem 0 0.5rem" },
  ".cm-cursor": { borderLeft: "2px solid var(--accent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { background: "var(--selection)" },
  ".cm-content ::selection": { backgroundColor: "transparent" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--active-line) 70%, transparent)" },
  ".cm-gutters": {
    backgroundColor: "var(--sunken)",
    color: "var(--ink-soft)",
    border: "0",
    borderRadius: "var(--radius) 0 0 var(--radius)",
  },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.4em", padding: "0 0.5em 0 0.6em" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--accent-ground)", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-ground)", outline: "1px solid var(--bad)" },
  // A stroke at the side as well, for those who do not see the colour.
  ".cm-marked": { backgroundColor: "var(--bad-ground)", boxShadow: "inset 3px 0 var(--bad)" },
  "&.cm-focused .cm-marked.cm-activeLine": { backgroundColor: "var(--bad-ground)" },
  ".cm-marked-number": { color: "var(--bad)", fontWeight: "700" },
});

const large = EditorView.theme({
  ".cm-content, .cm-gutter": { minHeight: "18rem" },
  ".cm-scroller": { maxHeight: "min(70vh, 44rem)" },
});
const little = EditorView.theme({
  ".cm-content": { minHeight: "6.5rem" },
  ".cm-scroller": { maxHeight: "16rem" },
  ".cm-line": { padding: "0 0.75rem" },
});

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.self], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.escape, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-function)" },
  { tag: [tags.className, tags.standard(tags.variableName), tags.meta], color: "var(--code-builtin)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: tags.invalid, color: "var(--bad)", textDecoration: "underline wavy" },
]);

export function look({ small }) {
  return [theme, small ? little : large, syntaxHighlighting(colours)];
}
