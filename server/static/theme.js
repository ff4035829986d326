// Light and dark without loading the page anew. The buttons are a form, which does
// the same without this script.
import { send } from "./script/request.js";

const form = document.querySelector("form[data-theme-switch]");

form?.addEventListener("submit", (event) => {
  const theme = event.submitter?.value;
  if (!theme) return;
  event.preventDefault();
  document.documentElement.dataset.theme = theme;
  // The button that was pressed is gone now; the other one has its place.
  [...form.querySelectorAll("button")].find((button) => button !== event.submitter)?.focus();
  const fields = new URLSearchParams(new FormData(form));
  fields.set("theme", theme);
  send("POST", form.action, { form: fields });
});
