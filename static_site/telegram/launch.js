// The launch parameters in the URL hash, and the person within them.

const STORED = "__telegram__initParams"; // the official script's key: both survive a reload the same way

/** @returns {Record<string, string>} e.g. tgWebAppData, tgWebAppThemeParams; empty outside Telegram. */
export function launchParams() {
  const hash = location.hash.replace(/^#/, "");
  const query = hash.slice(hash.indexOf("?") + 1);
  const params = { ...stored(), ...Object.fromEntries(new URLSearchParams(query)) };
  try {
    sessionStorage.setItem(STORED, JSON.stringify(params));
  } catch {
    // Storage is closed to some frames; the hash alone then serves until a reload loses it.
  }
  return params;
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED)) ?? {};
  } catch {
    return {};
  }
}

/** @returns {"en" | "ru"} the person's language in Telegram, else the browser's */
export function languageOf(initData) {
  return /^ru([-_]|$)/i.test(personOf(initData).language_code ?? navigator.language) ? "ru" : "en";
}

/** The person as Telegram describes them, unproven: the server proves it, the page only needs some name. */
export function personOf(initData) {
  try {
    return JSON.parse(new URLSearchParams(initData).get("user")) ?? {};
  } catch {
    return {};
  }
}
