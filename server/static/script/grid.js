// A grid of answers: moved through by arrows and Enter, filled by a paste from a
// spreadsheet. Numbers stay as they were typed; a comma is a decimal comma.

/** Rows of cells of a pasted text, or null if it is one cell. */
export function pastedRows(text) {
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  if (!/[\t\n;]/.test(plain)) return null;
  return plain.split("\n").map((line) => line.split(/[\t;]/).map((cell) => cell.trim()));
}

export function gridKeys(table) {
  const rows = Number(table.dataset.rows);
  const columns = Number(table.dataset.cols);
  const cellAt = (row, column) =>
    table.querySelector(`input[data-row="${row}"][data-col="${column}"]`);
  // A keyboard of digits, but not where it lacks the minus sign, as Apple's does.
  if (!/iPhone|iPad|iPod/.test(navigator.userAgent)) {
    for (const cell of table.querySelectorAll("input[data-row]")) cell.inputMode = "decimal";
  }
  const place = (cell) => [Number(cell.dataset.row), Number(cell.dataset.col)];

  table.addEventListener("paste", (event) => {
    const cell = event.target.closest("input[data-row]");
    let pasted = pastedRows(event.clipboardData?.getData("text/plain") ?? "");
    if (!cell || !pasted) return;
    event.preventDefault();
    // A column pasted into a row fills the row.
    if (rows === 1 && pasted.every((line) => line.length === 1)) {
      pasted = [pasted.map(([only]) => only)];
    }
    const [top, left] = place(cell);
    let last = cell;
    pasted.forEach((line, down) => {
      line.forEach((text, right) => {
        const target = cellAt(top + down, left + right);
        if (!target) return;
        target.value = text;
        last = target;
      });
    });
    last.focus();
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });

  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("input[data-row]");
    if (!cell || event.isComposing || event.altKey) return;
    if (event.key === "Enter") {
      // Sends the form only from the last cell of a form that is full, or with Ctrl:
      // half a matrix is easily sent by mistake.
      event.preventDefault();
      const then = event.ctrlKey || event.metaKey ? null : next(cell);
      if (then) then.focus();
      else cell.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [row, column] = place(cell);
    const atStart = cell.selectionStart === 0 && cell.selectionEnd === 0;
    const atEnd = cell.selectionStart === cell.value.length;
    const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
    const targets = {
      ArrowUp: () => cellAt(row - 1, column),
      ArrowDown: () => cellAt(row + 1, column),
      ArrowLeft: () => (atStart || whole) && cellAt(row, column - 1),
      ArrowRight: () => (atEnd || whole) && cellAt(row, column + 1),
    };
    const target = targets[event.key]?.();
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.select();
  });

  /** Below, or the top of the next column; then the next grid; then what is empty. */
  function next(cell) {
    const [row, column] = place(cell);
    const inside = rows === 1 ? cellAt(0, column + 1) : (cellAt(row + 1, column) ?? cellAt(0, column + 1));
    if (inside) return inside;
    const cells = [...cell.form.elements].filter((element) => element.matches("input[data-row]"));
    const after = cells.find(
      (other) => !table.contains(other) && cell.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    return after ?? cells.find((other) => other !== cell && other.value.trim() === "");
  }
}
