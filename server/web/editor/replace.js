// Typing over a selection.
//
// Where a whole coloured word is typed over, Chromium keeps its colour by an inline
// style on what it inserts. The pages' policy refuses that style and says so in the
// console; so the replacement is made here, before the browser makes its own.
import { EditorView } from "@codemirror/view";

export const replaceSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    if (event.inputType !== "insertText" || !event.data) return false;
    if (main.empty || view.composing || view.state.readOnly) return false;
    const text = event.data;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    // Others may want the text first: brackets put around a selection, for one.
    const taken = view.state
      .facet(EditorView.inputHandler)
      .some((handler) => handler(view, main.from, main.to, text, insert));
    if (!taken) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
