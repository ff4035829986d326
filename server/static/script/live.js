// A verdict that arrives while one looks.
//
// The region's HTML is replaced at every step. Read aloud is not all of that: the
// region is made silent, and a line beside it says the phase when it changes, then
// the verdict with its score.

const RECONNECT_MS = 3000;
let current = null;

/** Shows the submission's events in `region`; `done` is called when it is judged. */
export function follow(region, address, done = () => {}) {
  stopFollowing();
  const spoken = announcer(region);
  let source = null;
  let timer = 0;
  let phase = "";

  const show = (html) => {
    region.innerHTML = html;
  };

  function connect() {
    source = new EventSource(address);
    source.addEventListener("progress", (event) => {
      const step = JSON.parse(event.data);
      show(step.html);
      if (step.phase !== phase) {
        phase = step.phase;
        spoken.textContent = region.querySelector(".phase")?.textContent.trim() ?? "";
      }
    });
    source.addEventListener("judged", (event) => {
      stop();
      const result = JSON.parse(event.data);
      show(result.html);
      // Only a submission's own page has such a place.
      const handedIn = document.querySelector("[data-handed-in]");
      if (handedIn) handedIn.innerHTML = result.handed_in;
      spoken.textContent = text(region, ".headline", ".explanation");
      markLines(region);
      replaceRow(result.row);
      done(result);
    });
    source.addEventListener("error", () => {
      lost();
      // A browser connects again by itself, unless the answer was an error.
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(timer);
      timer = setTimeout(connect, RECONNECT_MS);
    });
  }

  function lost() {
    const words = region.dataset.textLost;
    if (!words || region.querySelector("[data-lost]")) return;
    const note = document.createElement("p");
    note.className = "note";
    note.dataset.lost = "";
    note.textContent = words;
    region.append(note);
    spoken.textContent = words;
  }

  function stop() {
    clearTimeout(timer);
    source?.close();
    if (current === me) current = null;
  }

  const me = { stop };
  current = me;
  addEventListener("pagehide", stop, { once: true });
  // Back from the browser's cache of pages: the stream was closed.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  connect();
}

/** What was followed before is no longer shown. */
export function stopFollowing() {
  current?.stop();
}

/**
 * Scrolls `element` to where it can be seen. Where it stands in a column that scrolls
 * by itself, only that column moves: the statement beside it stays as it was.
 */
export function reveal(element) {
  let column = element.parentElement;
  while (column && !(scrolls(column) && column.scrollHeight > column.clientHeight)) {
    column = column.parentElement;
  }
  if (!column || column === document.body || column === document.documentElement) {
    element.scrollIntoView({ block: "nearest" });
    return;
  }
  const { top, bottom } = element.getBoundingClientRect();
  const frame = column.getBoundingClientRect();
  const above = top - frame.top;
  const below = bottom - Math.min(frame.bottom, innerHeight);
  if (above < 0) column.scrollTop += above;
  else if (below > 0) column.scrollTop += Math.min(above, below);
}

const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowY);

function announcer(region) {
  region.setAttribute("aria-live", "off");
  const before = region.previousElementSibling;
  if (before?.matches("[data-announcer]")) return before;
  const line = document.createElement("p");
  line.className = "only-read";
  line.setAttribute("role", "status");
  line.dataset.announcer = "";
  region.before(line);
  return line;
}

function text(region, ...places) {
  return places
    .map((place) => region.querySelector(place)?.textContent.replace(/\s+/g, " ").trim())
    .filter(Boolean)
    .join(". ");
}

/** Puts a row of the list of submissions in the place of its older self. */
export function replaceRow(html) {
  const row = rowOf(html);
  const old = row && document.querySelector(`tr[data-submission="${CSS.escape(row.dataset.submission)}"]`);
  old?.replaceWith(row);
}

export function addRow(html) {
  const row = rowOf(html);
  const body = document.querySelector("[data-submissions]");
  if (!row || !body) return;
  row.classList.add("arrived");
  body.prepend(row);
}

function rowOf(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html ?? "";
  return holder.content.querySelector("tr");
}

/** Marks in the editor the lines that messages in `region` name. */
export function markLines(region) {
  const lines = [...region.querySelectorAll("[data-lines]")]
    .flatMap((message) => message.dataset.lines.split(" "))
    .map(Number)
    .filter((line) => line > 0);
  document
    .querySelector('textarea[name="source"]')
    ?.dispatchEvent(new CustomEvent("gradien:mark", { detail: { lines } }));
}
