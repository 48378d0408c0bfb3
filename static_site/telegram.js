// The Mini App's side of Telegram's own protocol: launch parameters in the URL hash, events out by whichever of three
// transports the client offers, events in by a function the client calls or a message from the page around the frame.
// docs/decisions/0002-mini-app-protocol.md says why the official script is not used.

const STORED = "__telegram__initParams"; // the official script's key: both survive a reload the same way
const listeners = new Map();

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

/** Sends one event to the client; outside Telegram it goes nowhere. */
export function post(eventType, eventData = "") {
  if (window.TelegramWebviewProxy) {
    window.TelegramWebviewProxy.postEvent(eventType, JSON.stringify(eventData));
  } else if (window.external && "notify" in window.external) {
    window.external.notify(JSON.stringify({ eventType, eventData }));
  } else if (window.parent !== window) {
    // Clients live at several origins, and nothing sent here is secret.
    window.parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  }
}

export function on(eventType, listener) {
  listeners.set(eventType, listener);
}

function receive(eventType, eventData) {
  listeners.get(eventType)?.(eventData ?? {});
}

/** Starts listening and says so to a page around the frame, which waits for it. */
export function connect() {
  // Android and iOS, desktop, and the oldest clients each call another name.
  window.Telegram = { ...window.Telegram, WebView: { receiveEvent: receive } };
  window.TelegramGameProxy = { receiveEvent: receive };
  window.TelegramGameProxy_receiveEvent = receive;
  if (window.parent === window) return;
  window.addEventListener("message", (message) => {
    if (message.source === window.parent) receiveMessage(message.data);
  });
  post("iframe_ready", { reload_supported: true });
}

function receiveMessage(data) {
  let event;
  try {
    event = JSON.parse(data);
  } catch {
    return; // extensions of a browser post messages of their own
  }
  if (event?.eventType === "reload_iframe") {
    post("iframe_will_reload");
    location.reload();
  } else if (event?.eventType) {
    receive(event.eventType, event.eventData);
  }
}
