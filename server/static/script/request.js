// One way to ask the server for something: the token of the page's forms goes along,
// and every failure comes back as a value.

const token = () => document.querySelector('meta[name="csrf"]')?.content ?? "";

/**
 * Sends `json` or `form` (URLSearchParams). Gives `{ status, data }`; `status` is 0
 * where no answer came, `data` the answer's JSON, or null.
 */
export async function send(method, url, { json, form, keepalive = false } = {}) {
  const headers = { Accept: "application/json", "X-CSRF-Token": token() };
  if (json !== undefined) headers["Content-Type"] = "application/json";
  try {
    const answer = await fetch(url, {
      method,
      headers,
      body: json === undefined ? form : JSON.stringify(json),
      credentials: "same-origin",
      redirect: "manual",
      keepalive,
    });
    const text = await answer.text();
    let data = null;
    try {
      data = text ? JSON.parse(text) : null;
    } catch {
      // A proxy's page, perhaps: the status says enough.
    }
    return { status: answer.status, data };
  } catch {
    return { status: 0, data: null };
  }
}

/** The session is over: sign in, and come back to this page. */
export function signInAndReturn() {
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
}

/** What went wrong, as the page shows errors: the server's words, else `fallback`. */
export function errorNotice(data, fallback) {
  const notice = document.createElement("div");
  notice.className = "notice error";
  for (const text of data?.message ? [data.message, data.hint] : [fallback]) {
    if (!text) continue;
    const line = document.createElement("p");
    line.textContent = text;
    notice.append(line);
  }
  return notice;
}
