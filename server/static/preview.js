// Loads the page anew when the pack that it shows has changed in its folder.
const bar = document.querySelector("[data-preview]");

if (bar) {
  const source = new EventSource(bar.dataset.preview);
  source.addEventListener("state", (event) => {
    if (JSON.parse(event.data).generation === Number(bar.dataset.generation)) return;
    source.close();
    location.reload();
  });
}
