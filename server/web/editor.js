// The code editor: every textarea[data-editor] gets one.
//
// The textarea stays the form's field. The editor writes each change back to it and
// lets it fire `input`, so drafts, Run and Submit read the same field with and without
// this script; whoever sets the field's value says so with an event `gradien:set`, and
// the editor follows. The styles that the editor makes carry the page's nonce, because
// the policy of the pages allows no others.
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { behaviour } from "./editor/behaviour.js";
import { setMarkedLines } from "./editor/lines.js";
import { look } from "./editor/look.js";

const nonce = document.querySelector('meta[name="csp-nonce"]')?.nonce ?? "";

for (const textarea of document.querySelectorAll("textarea[data-editor]")) {
  mount(textarea);
}

function mount(textarea) {
  const small = textarea.dataset.editor === "python-small";
  const label = textarea.labels?.[0];
  // The tab index says to assistive programs that the text can be reached.
  const attributes = { tabindex: "0", "aria-label": textarea.dataset.textLabel ?? label?.textContent ?? "Python" };
  const note = textarea.getAttribute("aria-describedby");
  if (note) attributes["aria-describedby"] = note;

  // Who has begun to type goes on where they are.
  const typing = document.activeElement === textarea;
  const { selectionStart: anchor, selectionEnd: head } = textarea;
  const view = new EditorView({
    state: EditorState.create({
      doc: textarea.value,
      selection: typing ? { anchor, head } : undefined,
      extensions: [
        behaviour({ small }),
        look({ small }),
        EditorView.cspNonce.of(nonce),
        EditorView.contentAttributes.of(attributes),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          const text = update.state.doc.toString();
          if (textarea.value === text) return;
          textarea.value = text;
          textarea.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    }),
  });

  // Lines are measured anew once they stand in their own face.
  document.fonts?.ready.then(() => view.requestMeasure());

  const host = document.createElement("div");
  host.className = small ? "editor small" : "editor";
  host.append(view.dom);
  textarea.after(host);
  textarea.hidden = true;
  if (typing) view.focus();
  // A label points to its field; a click on it must reach what is seen.
  label?.addEventListener("click", (event) => {
    event.preventDefault();
    view.focus();
  });

  textarea.addEventListener("gradien:set", () => {
    const text = textarea.value;
    if (text === view.state.doc.toString()) return;
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
  });
  textarea.addEventListener("gradien:mark", (event) => {
    view.dispatch({ effects: setMarkedLines.of(event.detail.lines) });
  });
  textarea.dispatchEvent(new CustomEvent("gradien:mounted", { bubbles: true }));
}
