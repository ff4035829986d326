// What the form holds, as a value that can be kept, compared and put back.

const source = (form) => form.elements.namedItem("source");
const grids = (form) => [...form.querySelectorAll("table[data-grid]")];
const cells = (grid) => [...grid.querySelectorAll("input[data-row]")];
const options = (form) => [...form.querySelectorAll("fieldset[data-options]")];
const boxes = (set) => [...set.querySelectorAll("input")];

/** One choice is one text; several are a text for each option, empty if not chosen. */
function chosen(set) {
  const values = boxes(set).map((box) => (box.checked ? box.value : ""));
  return "multiple" in set.dataset ? values : [values.find(Boolean) ?? ""];
}

/** `{kind: "function", source}` or `{kind: "answer", fields: {name: ["…"]}}`, with the
 *  variant whose numbers the page shows where there are several. */
export function readFields(form) {
  if (form.dataset.kind === "function") {
    return { kind: "function", source: source(form)?.value ?? "" };
  }
  const fields = {};
  for (const grid of grids(form)) {
    fields[grid.dataset.grid] = cells(grid).map((cell) => cell.value);
  }
  for (const set of options(form)) fields[set.dataset.options] = chosen(set);
  const { variant } = form.dataset;
  return { kind: "answer", fields, ...(variant && { variant: Number(variant) }) };
}

/** Puts `content` in; what does not fit the form is left out. */
export function writeFields(form, content) {
  if (content?.kind !== form.dataset.kind) return;
  if (content.kind === "function") {
    setText(source(form), String(content.source ?? ""));
    return;
  }
  for (const grid of grids(form)) {
    const kept = content.fields?.[grid.dataset.grid];
    if (!Array.isArray(kept)) continue;
    cells(grid).forEach((cell, index) => {
      cell.value = String(kept[index] ?? "");
    });
  }
  for (const set of options(form)) {
    const kept = content.fields?.[set.dataset.options];
    if (!Array.isArray(kept)) continue;
    for (const box of boxes(set)) box.checked = kept.includes(box.value);
  }
}

/** Sets a text area, and tells the editor on top of it. */
export function setText(area, text) {
  if (!area) return;
  area.value = text;
  area.dispatchEvent(new Event("gradien:set"));
}

/** Whether it was typed for such a form, and for the same numbers. */
export const isAlike = (a, b) => a?.kind === b?.kind && (a?.variant ?? 0) === (b?.variant ?? 0);

export const sameContent = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** Something was typed since the page came. */
export function isTouched(form) {
  const typed = [source(form), ...grids(form).flatMap(cells)].filter(Boolean);
  return (
    typed.some((field) => field.value !== field.defaultValue) ||
    options(form).flatMap(boxes).some((box) => box.checked !== box.defaultChecked)
  );
}

/** Nothing is typed in. */
export function isBlank(content) {
  if (content.kind === "function") return content.source.trim() === "";
  return Object.values(content.fields).flat().every((text) => text.trim() === "");
}
