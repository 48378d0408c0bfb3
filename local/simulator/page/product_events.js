// The panel beside the chat: the events that the built-in analytics endpoint has received.
import { element, label } from "./elements.js";
import { t } from "./texts.js";

const SECONDS = 2;
const SHOWN = 100;
const panel = document.getElementById("product-events");
let latest = "";
let available = false;
let wanted = true;

export const eventsAvailable = () => available;

export function toggleEvents() {
  wanted = !wanted;
  panel.hidden = !(wanted && available);
}

export function nameEvents() {
  panel.querySelector("h2").textContent = t("events");
  label(panel.querySelector("button"), "close", t("close"));
  panel.querySelector("button").onclick = toggleEvents;
  latest = "";
}

export async function watchEvents() {
  try {
    const response = await fetch("/amplitude/events");
    available = response.ok;
    if (response.ok) show((await response.json()).events);
  } catch {
    available = false;
  }
  panel.hidden = !(wanted && available);
  setTimeout(watchEvents, SECONDS * 1000);
}

function show(events) {
  const text = JSON.stringify([events.length, events.at(-1)]);
  if (text === latest) return;
  latest = text;
  const rows = events.slice(-SHOWN).reverse().map(row);
  panel.querySelector("ol").replaceChildren(...(rows.length ? rows : [element("li", { className: "none", text: t("noEvents") })]));
}

function row({ time, event_type, user_id, event_properties }) {
  const when = new Date(time < 1e11 ? time * 1000 : time).toLocaleTimeString(document.documentElement.lang, { hour12: false });
  const properties = element("dl");
  for (const [name, value] of Object.entries(event_properties ?? {})) {
    properties.append(element("dt", { text: name }), element("dd", { text: typeof value === "object" ? JSON.stringify(value) : String(value) }));
  }
  return element("li", {}, element("div", {}, element("strong", { text: event_type }), element("time", { text: when })),
    element("small", { text: user_id ?? "" }), properties);
}
