// What is typed is kept: at once in this browser, a moment later on the account.
//
// Theory of operation. The browser's copy is `{at, content, onAccount}`: when it was
// typed, what, and whether the account has it too. When the page loads, the fields
// hold the account's draft (or what was just sent, or a fresh start). If the
// browser's copy differs, the newer one is shown. A copy that had reached the account
// is older than what the account has now, which came from another device; one that had
// not is compared by time. Either way the page says so and offers the other one back,
// so a wrong clock costs a click and no work. A draft that was typed before signing in is
// taken over by the account that signs in.
import { isAlike, isBlank, isTouched, readFields, sameContent, writeFields } from "./fields.js";
import { send } from "./request.js";

const ACCOUNT_AFTER_MS = 1200;
const RETRY_FIRST_MS = 4000;
const RETRY_LAST_MS = 60000;
/** The limit of browsers for a request that outlives its page. */
const KEEPALIVE_BYTES = 60000;

/** Keeps the form's fields. Gives `{ flush }`, which saves what is not saved yet. */
export function keepDraft(form) {
  const { owner, draft: address } = form.dataset;
  const status = form.querySelector("[data-draft-status]");
  const key = (who) => `gradien:draft:${who}:${address}`;
  const own = key(owner ?? "");
  let timer = 0;
  let retryMs = RETRY_FIRST_MS;
  let sending = false;
  let copy = load(own);

  restore();

  form.addEventListener("input", (event) => {
    if (event.target.name === "input_code" || event.target.type === "radio") return;
    keep(readFields(form), false);
    schedule(ACCOUNT_AFTER_MS);
  });
  addEventListener("online", () => schedule(0));
  addEventListener("pagehide", () => flush({ keepalive: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") flush({ keepalive: true });
  });
  // The same problem in another tab of this browser.
  addEventListener("storage", (event) => {
    if (event.key !== own || document.hasFocus()) return;
    const other = load(own);
    const shown = readFields(form);
    if (!isAlike(other?.content, shown) || sameContent(other.content, shown)) return;
    show(other.content, "newer", shown);
    copy = other;
  });

  function restore() {
    const signedOut = owner ? load(key("")) : null;
    if (signedOut && (!copy || signedOut.at > copy.at)) copy = signedOut;
    if (signedOut) forget(key(""));
    const shown = readFields(form);
    // Typed while this script was still on its way: newer than anything kept.
    if (isTouched(form)) {
      const before = copy?.content;
      keep(shown, false);
      schedule(ACCOUNT_AFTER_MS);
      const offers = isAlike(before, shown) && !isBlank(before) && !sameContent(before, shown);
      if (offers) show(null, "local", before);
      return;
    }
    if (!isAlike(copy?.content, shown)) {
      copy = null;
      return;
    }
    if (form.dataset.prefilled === "sent") {
      keep(shown, false);
      schedule(ACCOUNT_AFTER_MS);
      return;
    }
    if (sameContent(copy.content, shown) || isBlank(copy.content)) return;
    const onAccount = form.dataset.prefilled === "draft";
    const savedAt = Number(form.dataset.savedAt ?? 0);
    if (!onAccount || (!copy.onAccount && copy.at >= savedAt)) {
      show(copy.content, "restored", onAccount ? shown : null);
      keep(copy.content, false);
      schedule(ACCOUNT_AFTER_MS);
    } else {
      show(null, "newer", copy.content);
      copy = { at: savedAt, content: shown, onAccount: true };
      store(own, copy);
    }
  }

  /** Shows `content` (null: what is there already), says so, offers `other`. */
  function show(content, word, replaced) {
    if (content) writeFields(form, content);
    say(word);
    if (!replaced || !status?.dataset.textOther) return;
    const back = document.createElement("button");
    back.type = "button";
    back.textContent = status.dataset.textOther;
    back.addEventListener("click", () => {
      const current = readFields(form);
      show(replaced, "restored", current);
      keep(replaced, false);
      schedule(ACCOUNT_AFTER_MS);
    });
    status.append(" ", back);
  }

  function keep(content, onAccount) {
    copy = { at: Date.now(), content, onAccount };
    store(own, copy);
    if (!owner) say("local");
  }

  function schedule(afterMs) {
    clearTimeout(timer);
    if (owner) timer = setTimeout(flush, afterMs);
  }

  async function flush({ keepalive = false } = {}) {
    clearTimeout(timer);
    if (!owner || !copy || copy.onAccount || sending) return;
    const sent = copy;
    if (keepalive && JSON.stringify(sent.content).length > KEEPALIVE_BYTES) return;
    sending = true;
    const offersOther = status?.querySelector("button");
    if (!offersOther) say("saving");
    const { status: code } = await send("PUT", address, { json: sent.content, keepalive });
    sending = false;
    if (code === 204 || code === 200) {
      retryMs = RETRY_FIRST_MS;
      if (copy === sent) {
        copy = { ...sent, onAccount: true };
        store(own, copy);
        if (!offersOther) say("saved");
      } else {
        schedule(ACCOUNT_AFTER_MS);
      }
    } else if (code === 401 || code === 403) {
      // Typing goes on; sending it will ask to sign in, and the browser has it all.
      say("local");
    } else {
      say("failed");
      schedule(retryMs);
      retryMs = Math.min(retryMs * 2, RETRY_LAST_MS);
    }
  }

  function say(word) {
    const text = status?.dataset[`text${word[0].toUpperCase()}${word.slice(1)}`];
    if (text && status.textContent !== text) status.textContent = text;
  }

  return { flush };
}

// A browser may refuse to keep anything (private windows, a full disk); the account
// still has the draft then.
function load(name) {
  try {
    const copy = JSON.parse(localStorage.getItem(name));
    return copy && typeof copy.at === "number" && copy.content ? copy : null;
  } catch {
    return null;
  }
}

function store(name, copy) {
  try {
    localStorage.setItem(name, JSON.stringify(copy));
  } catch {}
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch {}
}
