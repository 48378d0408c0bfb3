// One message as a bubble: content, time, ticks, and the inline keyboard below it.
import { element, icon } from "./elements.js";
import { renderText } from "./entities.js";
import { clock, t } from "./texts.js";

// `on`: follow(kind, value), press(message, row, column), openApp(url), openMenu(message, x, y).
export function renderMessage(message, { own, unread, on }) {
  const bubble = element("div", { className: "bubble" }, ...content(message, on), meta(message, own, unread));
  const made = element("article", {
    className: own ? "message own" : "message",
    dataset: { id: message.message_id },
  }, element("div", { className: "stack" }, bubble, keyboard(message, on)));
  if (message.sticker) made.classList.add("bare");
  const text = message.text ?? "";
  if (!message.entities && !message.reply_markup && /^\p{Extended_Pictographic}(\uFE0F|\p{Emoji_Modifier})?$/u.test(text)) made.classList.add("emoji");
  bubble.oncontextmenu = (event) => {
    event.preventDefault();
    on.openMenu(message, event.clientX, event.clientY);
  };
  return made;
}

function content(message, on) {
  const quoted = [forwarded(message.forward_origin), quote(message)];
  const words = message.text ?? message.caption;
  const entities = message.entities ?? message.caption_entities;
  const text = words === undefined ? [] : [element("div", { className: "text" }, renderText(words, entities, on.follow))];
  return [...quoted, ...media(message), ...text];
}

function quote({ reply_to_message: original, external_reply: external, quote: part }) {
  if (!original && !external) return null;
  const name = original ? original.from.first_name : originName(external.origin);
  const text = part?.text ?? original?.text ?? original?.caption ?? (original ? mediaName(original) : "");
  return element("div", { className: "reply-quote" },
    element("strong", { text: name }), element("span", { text }));
}

const fileUrl = (file_id) => `/chat/files/${encodeURIComponent(file_id)}`;

const originName = (origin) =>
  origin.sender_user?.first_name ?? origin.sender_user_name ?? (origin.chat ?? origin.sender_chat).title;

const forwarded = (origin) =>
  origin ? element("div", { className: "forwarded" }, `${t("forwardedFrom")} `, element("strong", { text: originName(origin) })) : null;

export const mediaName = (message) =>
  message.sticker ? `${message.sticker.emoji} ${t("sticker")}` : message.voice ? t("voice")
    : message.photo ? t("photo") : message.animation ? "GIF" : message.location ? t("location") : (message.document ?? message.audio)?.file_name ?? "";

function media(message) {
  if (message.sticker) return [element("img", { className: "sticker", src: fileUrl(message.sticker.file_id), alt: mediaName(message) })];
  if (message.voice) return [voice(message.voice)];
  if (message.photo) return [photo(message.photo.at(-1))];
  if (message.animation) return [element("img", { className: "photo", alt: "GIF", src: fileUrl(message.animation.file_id) })];
  if (message.document ?? message.audio) return [documentRow(message.document ?? message.audio)];
  if (message.location) return [locationRow(message.location)];
  return [];
}

// One sound at a time, as in Telegram.
const player = new Audio();

function voice({ file_id, duration }) {
  const wave = element("span", { className: "wave" });
  for (let bar = 0; bar < 32; bar += 1) {
    const line = element("i");
    line.style.height = `${4 + Math.round(14 * Math.abs(Math.sin(bar * 0.9) * Math.cos(bar * 0.37)))}px`;
    wave.append(line);
  }
  const time = element("small", { text: `${Math.floor(duration / 60)}:${String(duration % 60).padStart(2, "0")}` });
  const round = element("button", { type: "button", className: "round", ariaLabel: t("play") }, icon("play"));
  const src = `/chat/files/${encodeURIComponent(file_id)}`;
  const show = (isPlaying) => {
    round.ariaLabel = t(isPlaying ? "pause" : "play");
    round.classList.toggle("playing", isPlaying);
    round.replaceChildren(icon(isPlaying ? "pause" : "play"));
  };
  round.onclick = () => {
    if (round.classList.contains("playing")) return player.pause();
    player.dispatchEvent(new Event("pause")); // of the message that plays so far
    if (player.getAttribute("src") !== src) player.src = src;
    player.onpause = player.onended = () => show(false);
    show(true);
    return player.play().catch(() => show(false));
  };
  return element("div", { className: "voice" }, round, element("span", {}, wave, time));
}

function photo({ file_id }) {
  const src = /^https:/.test(file_id) ? file_id : fileUrl(file_id);
  return element("img", { className: "photo", alt: t("photo"), src });
}

function documentRow({ file_id, file_name, file_size }) {
  const kept = !file_id.startsWith("sample-");
  const link = kept ? { href: `/chat/files/${encodeURIComponent(file_id)}`, download: file_name } : {};
  const size = file_size ? `${(file_size / 1024).toFixed(1)} KB` : "";
  return element(kept ? "a" : "div", { className: "document", ...link }, element("span", { className: "round" }, icon("document")),
    element("span", {}, element("strong", { text: file_name }), element("small", { text: size })));
}

const locationRow = ({ latitude, longitude }) =>
  element("div", { className: "document location" }, element("span", { className: "round" }, icon("location")), element("span", {},
    element("strong", { text: t("location") }), element("small", { text: `${latitude.toFixed(4)}, ${longitude.toFixed(4)}` })));

function meta(message, own, unread) {
  const parts = [];
  if (message.edit_date) parts.push(element("span", { text: t("edited") }));
  parts.push(element("time", { text: clock(message.date) }));
  if (own) {
    const ticks = element("span", { className: "ticks", role: "img", ariaLabel: t(unread ? "sent" : "read") });
    ticks.append(icon(unread ? "tick" : "ticks"));
    parts.push(ticks);
  }
  return element("span", { className: "meta" }, ...parts);
}

function keyboard(message, on) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows) return null;
  const made = element("div", { className: "inline-keyboard" });
  rows.forEach((buttons, row) => {
    made.append(element("div", { className: "row" },
      ...buttons.map((button, column) => inlineButton(message, button, row, column, on))));
  });
  return made;
}

function inlineButton(message, button, row, column, on) {
  const act = () => {
    if (button.web_app) on.openApp(button.web_app.url);
    else if (button.url) { if (!on.follow("link", button.url)) window.open(button.url, "_blank", "noopener"); }
    else on.press(message, row, column);
  };
  const made = element("button", {
    type: "button", className: "inline-button", onclick: act, dataset: { row, column, style: button.style ?? "" },
  }, element("span", { text: button.text }));
  if (button.web_app) made.append(icon("app"));
  if (button.url) made.append(icon("away"));
  return made;
}
