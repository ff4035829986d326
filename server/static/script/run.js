// Run: the program on the samples or on own input, without a verdict.
import { markLines, reveal } from "./live.js";
import { errorNotice, send, signInAndReturn } from "./request.js";

export function runPanel(panel, form, draft) {
  const button = form.querySelector("[data-run-button]");
  const output = panel.querySelector("[data-run-output]");
  const input = panel.querySelector("[data-run-input]");
  if (!button || !output) return;

  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    output.setAttribute("aria-busy", "true");
    const waiting = document.createElement("p");
    waiting.className = "note";
    waiting.textContent = output.dataset.textRunning ?? "";
    output.replaceChildren(waiting);

    const kind = panel.querySelector('[name="input_kind"]:checked')?.value ?? "samples";
    const { status, data } = await send("POST", panel.dataset.run, {
      json: {
        source: form.elements.namedItem("source")?.value ?? "",
        input: kind === "own" ? { kind, code: input?.value ?? "" } : { kind },
      },
    });

    button.removeAttribute("aria-disabled");
    output.removeAttribute("aria-busy");
    if (status === 401) {
      await draft.flush();
      signInAndReturn();
    } else if (status === 200 && data) {
      output.innerHTML = data.html;
      markLines(output);
      reveal(output);
    } else {
      output.replaceChildren(errorNotice(data, output.dataset.textFailed ?? ""));
    }
  });
}
