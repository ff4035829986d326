// The problem page: drafts, the answer grid, Run, Submit and the live verdict.
// Without this script every form still works; what it adds stands in `script/`.
import { keepDraft } from "./script/draft.js";
import { gridKeys } from "./script/grid.js";
import { runPanel } from "./script/run.js";
import { sampleButtons } from "./script/samples.js";
import { submitHere } from "./script/submit.js";

const form = document.querySelector("form[data-submit]");

if (form) {
  for (const table of form.querySelectorAll("table[data-grid]")) gridKeys(table);
  const draft = keepDraft(form);
  submitHere(form, draft);
  const panel = document.querySelector("[data-run]");
  if (panel) runPanel(panel, form, draft);
  const samples = document.querySelector("[data-samples]");
  if (samples) sampleButtons(samples, panel);
}
