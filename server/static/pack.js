// Sending a pack: a folder, or an archive, dropped on the form or chosen. A folder
// becomes an archive here; the form itself sends it. Without this script the form
// takes an archive.
import { zip } from "./script/zip.js";

const form = document.querySelector("[data-pack-upload]");
const input = form?.querySelector('input[type="file"]');
const drop = form?.querySelector("[data-drop]");
const said = form?.querySelector("[data-said]");
/** The grader takes no archive with more. */
const MAX_FILES = 4000;

if (form && input && drop) {
  drop.hidden = false;
  const folder = document.createElement("input");
  folder.type = "file";
  folder.webkitdirectory = true;
  folder.addEventListener("change", () => {
    const files = [...folder.files].map((file) => ({ path: file.webkitRelativePath, file }));
    if (files.length > 0) attempt(() => take(files));
  });
  form.querySelector("[data-folder]").addEventListener("click", () => folder.click());
  input.addEventListener("change", () => checkSize());

  for (const name of ["dragenter", "dragover"]) {
    form.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    form.addEventListener(name, () => drop.classList.remove("over"));
  }
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    // The list is emptied as soon as this function returns.
    const entries = [...event.dataTransfer.items]
      .map((item) => item.webkitGetAsEntry?.())
      .filter(Boolean);
    const files = [...event.dataTransfer.files];
    attempt(async () => {
      const folders = entries.filter((entry) => entry.isDirectory);
      if (files.length === 1 && folders.length === 0) choose(files[0]);
      else await take(await filesOf(entries));
    });
  });
}

async function attempt(work) {
  said.textContent = form.dataset.textReading;
  try {
    await work();
  } catch {
    input.value = "";
    said.textContent = form.dataset.textUnreadable;
  }
}

/** Every file below these entries, with its path. */
async function filesOf(entries) {
  const found = [];
  const waiting = [...entries];
  while (waiting.length > 0) {
    const entry = waiting.pop();
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      found.push({ path: entry.fullPath.replace(/^\/+/, ""), file });
      if (found.length > MAX_FILES) throw new Error("too many files");
      continue;
    }
    const reader = entry.createReader();
    // It gives some at a time, and none at the end.
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (some.length === 0) break;
      waiting.push(...some);
    }
  }
  return found;
}

async function take(found) {
  const total = found.reduce((sum, { file }) => sum + file.size, 0);
  if (found.length === 0 || found.length > MAX_FILES) throw new Error("nothing to send");
  if (total > Number(form.dataset.maxBytes)) return tooLarge();
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = [];
  for (const { path, file } of found) {
    files.push({ path, bytes: new Uint8Array(await file.arrayBuffer()) });
  }
  const roots = new Set(found.map(({ path }) => path.split("/")[0]));
  const name = roots.size === 1 ? [...roots][0] : "pack";
  choose(new File([zip(files)], `${name}.zip`, { type: "application/zip" }));
}

/** Puts a file into the form as if it had been chosen. */
function choose(file) {
  const holder = new DataTransfer();
  holder.items.add(file);
  input.files = holder.files;
  checkSize();
}

function checkSize() {
  const [file] = input.files;
  if (file && file.size > Number(form.dataset.maxBytes)) return tooLarge();
  said.textContent = file ? `${file.name} (${Math.ceil(file.size / 1024)} KiB)` : "";
}

function tooLarge() {
  input.value = "";
  said.textContent = form.dataset.textTooLarge;
}
