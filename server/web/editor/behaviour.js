// What the editor does.
import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentMore,
} from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, LanguageSupport } from "@codemirror/language";
import { EditorSelection, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { markedLines } from "./lines.js";
import { replaceSelection } from "./replace.js";

/** Spaces up to the next multiple of four, as Python code is written. */
function insertIndent({ state, dispatch }) {
  if (state.selection.ranges.some((range) => !range.empty)) {
    return indentMore({ state, dispatch });
  }
  const unit = 4;
  dispatch(
    state.update(
      state.changeByRange((range) => {
        const line = state.doc.lineAt(range.head);
        const insert = " ".repeat(unit - ((range.head - line.from) % unit));
        const at = range.head + insert.length;
        return { changes: { from: range.head, insert }, range: EditorSelection.cursor(at) };
      }),
      { scrollIntoView: true, userEvent: "input" },
    ),
  );
  return true;
}

/**
 * Tab indents. For those who move by keyboard it must not be a trap: Escape, then Tab
 * leaves the editor, as it does in CodeMirror by itself (`Ctrl-m`, or `Shift-Alt-m` on
 * a Mac, switches for good).
 */
export function behaviour({ small }) {
  return [
    small ? [] : [lineNumbers(), highlightActiveLine()],
    history(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(4),
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    new LanguageSupport(pythonLanguage),
    markedLines,
    replaceSelection,
    EditorView.contentAttributes.of({ spellcheck: "false", autocapitalize: "off", autocorrect: "off", translate: "no" }),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...historyKeymap,
      { key: "Tab", run: insertIndent, shift: indentLess },
    ]),
  ];
}
