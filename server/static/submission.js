// The submission's own page while it waits.
import { follow } from "./script/live.js";

const region = document.querySelector("[data-live]");
if (region?.dataset.live) follow(region, region.dataset.live);
