// The client's colours and insets, as the CSS variables of Telegram's own script.

import { on, post } from "./protocol.js";

const COLOUR = /^#[0-9a-f]{6}$/i;
const DARK_BELOW = 128; // luma, 0 to 255
const root = document.documentElement;

/** Takes the launch's colours now, asks for what it does not carry, and follows every change from here on. */
export function followClient(launch) {
  paint(parsed(launch.tgWebAppThemeParams));
  on("theme_changed", (event) => paint(event.theme_params));
  on("viewport_changed", resize);
  on("safe_area_changed", (insets) => inset("safe-area", insets));
  on("content_safe_area_changed", (insets) => inset("content-safe-area", insets));
  for (const wanted of ["theme", "viewport", "safe_area", "content_safe_area"]) post(`web_app_request_${wanted}`);
}

function parsed(json) {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

function paint(theme) {
  const colours = Object.entries(theme ?? {}).filter(([, colour]) => COLOUR.test(colour));
  for (const [key, colour] of colours) root.style.setProperty(`--tg-theme-${key.replaceAll("_", "-")}`, colour);
  const { bg_color: card, secondary_bg_color: page, text_color: ink } = Object.fromEntries(colours);
  const scheme = schemeOf(card ?? page, ink);
  // style.css has our own for what the client leaves out, in the client's scheme: the system's may be the other.
  if (scheme) root.dataset.scheme = scheme;
  if (page) {
    post("web_app_set_header_color", { color_key: "secondary_bg_color" });
    post("web_app_set_background_color", { color: page });
  }
}

function schemeOf(background, ink) {
  if (background) return luma(background) < DARK_BELOW ? "dark" : "light";
  return ink && (luma(ink) < DARK_BELOW ? "light" : "dark");
}

function luma(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

function resize(viewport) {
  if (viewport.is_state_stable) setPixels("--tg-viewport-stable-height", viewport.height);
}

function inset(area, insets) {
  for (const side of ["top", "right", "bottom", "left"]) setPixels(`--tg-${area}-inset-${side}`, insets[side]);
}

function setPixels(variable, pixels) {
  if (Number.isFinite(pixels)) root.style.setProperty(variable, `${pixels}px`);
}
