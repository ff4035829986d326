// The page of a submission, an upload or a rejudge while it waits.
import { follow } from "./script/live.js";

const region = document.querySelector("[data-live]");
if (region?.dataset.live) {
  // Where more of the page depends on how it ends.
  const done = "reload" in region.dataset ? () => location.reload() : undefined;
  follow(region, region.dataset.live, done);
}
