// The Mini App's side of Telegram's own protocol: events out by whichever of three transports the client offers, events
// in by a function the client calls or a message from the page around the frame.
// docs/decisions/0002-mini-app-protocol.md says why the official script is not used.

const listeners = new Map();

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
