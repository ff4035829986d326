// Samples as Python: to the clipboard, or straight into the own input of Run.
import { setText } from "./fields.js";
import { reveal } from "./live.js";

const WORDS = /^(nan|inf|-inf)$/;

/** `x = np.array([[1.0, 2.0]])` for one shown value; null if not all of it is shown. */
export function asPython(figure) {
  const { value: name, type = "", cut } = figure.dataset;
  if (!name || cut !== undefined) return null;
  const [dtype, shapeText] = type.split(/ (?=\()/);
  const cells = [...figure.querySelectorAll("td")].map((cell) => cell.textContent.trim());
  const elements = cells.map((text) => text.replace(WORDS, (word) => word.replace(/(nan|inf)/, "np.$1")));
  if (!shapeText) return elements.length === 1 ? `${name} = ${elements[0]}` : null;
  const shape = shapeText.match(/\d+/g).map(Number);
  if (shape.some((extent) => extent === 0)) return `${name} = np.zeros((${shape.join(", ")},))`;
  const literal = nested(elements, shape);
  const usual = ["float64", "int64", "bool"].includes(dtype);
  return `${name} = np.array(${literal}${usual ? "" : `, dtype=np.${dtype}`})`;
}

function nested(elements, shape) {
  if (shape.length === 0) return elements[0];
  const each = elements.length / shape[0];
  const parts = Array.from({ length: shape[0] }, (_, i) =>
    nested(elements.slice(i * each, (i + 1) * each), shape.slice(1)),
  );
  return `[${parts.join(", ")}]`;
}

export function sampleButtons(samples, panel) {
  const { textCopy, textCopied, textUse } = samples.dataset;
  const own = panel?.querySelector('[name="input_kind"][value="own"]');
  const input = panel?.querySelector("[data-run-input]");
  for (const inputs of samples.querySelectorAll("[data-sample-inputs]")) {
    const figures = [...inputs.querySelectorAll("figure[data-value]")];
    const lines = figures.map(asPython);
    if (lines.length === 0 || lines.includes(null)) continue;
    const code = `${lines.join("\n")}\n`;
    const actions = document.createElement("p");
    actions.className = "sample-actions";
    if (navigator.clipboard && textCopy) {
      const copy = quietButton(textCopy);
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code);
        copy.textContent = textCopied ?? textCopy;
        setTimeout(() => (copy.textContent = textCopy), 2000);
      });
      actions.append(copy);
    }
    if (own && input && textUse) {
      const use = quietButton(textUse);
      use.addEventListener("click", () => {
        own.checked = true;
        setText(input, code);
        reveal(panel);
        input.form.querySelector("[data-run-button]")?.focus();
      });
      actions.append(use);
    }
    inputs.append(actions);
  }
}

function quietButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "small";
  button.textContent = text;
  return button;
}
