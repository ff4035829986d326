// Submit without leaving the page: the verdict appears below the form.
import { addRow, follow, markLines, reveal, stopFollowing } from "./live.js";
import { errorNotice, send, signInAndReturn } from "./request.js";

export function submitHere(form, draft) {
  const region = document.querySelector("[data-live]");
  const button = form.querySelector('button[type="submit"]:not([formaction])');
  // Who is not signed in is taken to sign in by the form itself, with what they typed.
  if (!region || !form.dataset.owner) return;

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (button?.getAttribute("aria-disabled") === "true") return;
    button?.setAttribute("aria-disabled", "true");
    stopFollowing();
    markLines(region.cloneNode(false));
    const fields = new URLSearchParams(new FormData(form));
    const { status, data } = await send("POST", form.action, { form: fields });
    button?.removeAttribute("aria-disabled");

    if (status === 401) {
      await draft.flush();
      signInAndReturn();
    } else if (status === 201 && data) {
      region.innerHTML = data.html;
      reveal(region);
      addRow(data.row);
      document.querySelector("[data-no-submissions]")?.remove();
      follow(region, data.events, () => reveal(region));
    } else {
      region.setAttribute("aria-live", "polite");
      region.replaceChildren(errorNotice(data, region.dataset.textFailed ?? ""));
      reveal(region);
    }
  });
}
