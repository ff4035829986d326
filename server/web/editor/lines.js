// Lines that a verdict or a traceback names. The mark goes with the text while it is
// edited, and is gone from a line that is changed.
import { RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, GutterMarker, gutterLineClass } from "@codemirror/view";

/** Numbers of lines, counted from 1; an empty list removes all marks. */
export const setMarkedLines = StateEffect.define();

const line = Decoration.line({ class: "cm-marked" });

class MarkedNumber extends GutterMarker {
  elementClass = "cm-marked-number";
}
const number = new MarkedNumber();

const field = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setMarkedLines)) return place(transaction.state.doc, effect.value);
    }
    if (!transaction.docChanged || marks.size === 0) return marks;
    const touched = new Set();
    transaction.changes.iterChangedRanges((from, to) => {
      const doc = transaction.startState.doc;
      for (let at = doc.lineAt(from).number; at <= doc.lineAt(to).number; at++) {
        touched.add(doc.line(at).from);
      }
    });
    return marks
      .update({ filter: (from) => !touched.has(from) })
      .map(transaction.changes);
  },
  provide: (own) => EditorView.decorations.from(own),
});

function place(doc, lines) {
  const builder = new RangeSetBuilder();
  const inside = lines.filter((at) => Number.isInteger(at) && at >= 1 && at <= doc.lines);
  for (const at of [...new Set(inside)].sort((a, b) => a - b)) {
    const { from } = doc.line(at);
    builder.add(from, from, line);
  }
  return builder.finish();
}

const numbers = gutterLineClass.compute([field], (state) => {
  const builder = new RangeSetBuilder();
  const cursor = state.field(field).iter();
  while (cursor.value) {
    builder.add(cursor.from, cursor.from, number);
    cursor.next();
  }
  return builder.finish();
});

export const markedLines = [field, numbers];
