// The composer: text, replies, edits, commands, the bot's menu button, the attach menu, the microphone.
import { element, icon, label, openMenu } from "./elements.js";
import { mediaName } from "./message.js";
import { Recorder } from "./recorder.js";
import { t } from "./texts.js";

const MAX_TEXT = 4096;
const MAX_HEIGHT = 240; // pixels
const ATTACHMENTS = ["file", "sticker", "voice", "photo", "album", "document", "location"];
const ICONS = { file: "attach" };
const byId = (id) => document.getElementById(id);

export class Composer {
  // `on`: send(text, replyTo, quote), edit(id, text), attach(kind), openApp(url), start(), lastOwnText(),
  // sendVoice(file), refused(words).
  constructor(on) {
    this.on = on;
    this.text = byId("composer-text");
    this.quote = byId("composer-quote");
    this.list = byId("command-list");
    this.menu = byId("bot-menu-button");
    this.text.oninput = () => this.typed();
    this.text.onkeydown = (event) => this.key(event);
    this.text.onblur = () => setTimeout(() => { this.list.hidden = true; }, 150);
    byId("composer").onsubmit = (event) => (event.preventDefault(), this.submit());
    this.recorder = new Recorder({
      send: on.sendVoice, refused: on.refused, changed: () => (byId("composer").classList.toggle("records", this.recorder.isOn), this.showSend()),
    });
    byId("attach-button").onclick = (event) => this.attach(event.currentTarget);
    byId("start-button").onclick = () => on.start();
    this.menu.onclick = () => this.openBotMenu();
  }

  show({ bot, person, messages }) {
    this.commands = bot.commands;
    this.menuButton = bot.menu_button;
    this.text.placeholder = t("message");
    this.text.ariaLabel = t("message");
    label(byId("attach-button"), "attach", t("attach"));
    this.list.ariaLabel = t("menu");
    this.showMenuButton();
    this.showStart(person.blocked ? t("restart") : messages.length ? null : t("start"));
    this.cancel();
  }

  showStart(words) {
    byId("start-button").hidden = !words;
    byId("start-button").textContent = words ?? "";
    byId("composer").hidden = Boolean(words);
  }

  showMenuButton() {
    const app = this.menuButton.type === "web_app";
    this.menu.hidden = !app && !this.commands.length;
    this.menu.classList.toggle("with-text", true);
    this.menu.replaceChildren(icon(app ? "app" : "menu"), element("span", { text: app ? this.menuButton.text : t("menu") }));
    this.menu.ariaLabel = app ? this.menuButton.text : t("menu");
  }

  openBotMenu() {
    if (this.menuButton.type === "web_app") this.on.openApp(this.menuButton.web_app.url);
    else if (this.list.hidden) { this.text.focus(); this.showCommands(this.commands); }
    else this.list.hidden = true;
  }

  typed() {
    this.text.style.height = "auto";
    // A hidden field has no scrollHeight: an empty one keeps its natural height, so that the placeholder fits.
    if (this.text.value) this.text.style.height = `${Math.min(this.text.scrollHeight, MAX_HEIGHT)}px`;
    const prefix = /^\/(\w*)$/.exec(this.text.value)?.[1];
    this.showCommands(prefix === undefined ? [] : this.commands.filter(({ command }) => command.startsWith(prefix)));
    this.menu.classList.toggle("narrow", Boolean(this.text.value));
    this.showSend();
  }

  // As in Telegram, the button is a microphone while there is nothing to send.
  showSend() {
    this.offersRecording = !this.recorder.isOn && !this.edited && !this.text.value.trim();
    const [name, words] = this.edited ? ["check", "save"] : this.offersRecording ? ["voice", "record"] : ["send", "send"];
    label(byId("send-button"), name, t(words));
    byId("send-button").classList.toggle("ready", !this.offersRecording);
  }

  showCommands(commands) {
    this.list.hidden = !commands.length;
    this.list.replaceChildren(...commands.map(({ command, description }) => element("button", {
      type: "button", role: "option", onclick: () => { this.list.hidden = true; this.clear(); this.on.send(`/${command}`); },
    }, element("strong", { text: `/${command}` }), element("span", { text: description }))));
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !this.text.value && this.on.lastOwnText()) {
      event.preventDefault();
      this.startEdit(this.on.lastOwnText());
    } else if (event.key === "Escape") {
      this.cancel();
    }
  }

  submit() {
    if (this.recorder.isOn) return this.recorder.end(true);
    if (this.offersRecording) return this.recorder.start();
    const words = this.text.value.trim();
    if (!words) return;
    const sent = this.edited ? this.on.edit(this.edited, [...words].slice(0, MAX_TEXT).join(""))
      : this.on.send(words, this.replied, this.quoted);
    if (sent) this.cancel();
  }

  startEdit(message) {
    this.cancel();
    this.edited = message.message_id;
    this.text.value = message.text ?? message.caption;
    this.showQuote("edit", t("editing"), this.text.value);
  }

  // `quote` is the selected part of the message, if any.
  startReply(message, quote) {
    this.cancel();
    this.replied = message.message_id;
    this.quoted = quote;
    this.showQuote("reply", message.from.first_name, quote ?? message.text ?? message.caption ?? mediaName(message));
  }

  showQuote(iconName, title, words) {
    const close = element("button", { type: "button", className: "icon-button", onclick: () => this.cancel() });
    label(close, "close", t("cancel"));
    this.quote.replaceChildren(icon(iconName),
      element("div", {}, element("strong", { text: title }), element("span", { text: words })), close);
    this.quote.hidden = false;
    this.typed();
    this.text.focus();
  }

  cancel() {
    this.edited = undefined;
    this.replied = undefined;
    this.quoted = undefined;
    this.quote.hidden = true;
    this.recorder.end(false);
    this.clear();
  }

  clear() {
    this.text.value = "";
    this.typed();
  }

  attach(button) {
    const { right, top } = button.getBoundingClientRect();
    openMenu(right - 200, top - 320, ATTACHMENTS.map((kind) => [ICONS[kind] ?? kind, t(kind), () => this.on.attach(kind)]));
  }
}
