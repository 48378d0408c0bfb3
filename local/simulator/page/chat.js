// Connects the page's parts: shows the simulator's events, and sends the person's actions to the simulator.
import { Attachments } from "./attachments.js";
import { Composer } from "./composer.js";
import { openMenu } from "./elements.js";
import { alertBox, showHeader, showStatus, showThemeButton, toast } from "./header.js";
import { closeMiniApp, openMiniApp, tellTheme } from "./mini_app.js";
import { choosePerson } from "./people.js";
import { eventsAvailable, nameEvents, toggleEvents, watchEvents } from "./product_events.js";
import { Socket } from "./socket.js";
import { speak, t } from "./texts.js";
import { chooseTheme, theme } from "./theme.js";
import { Transcript } from "./transcript.js";

const PRESS_SECONDS = 30;
const query = new URLSearchParams(location.search);
const byId = (id) => document.getElementById(id);
const pressed = new Map();
let chat = null;
let startWord = query.get("start");

const socket = new Socket({
  onEvent: (event) => EVENTS[event.type]?.(event),
  onState: (up) => {
    byId("connection").hidden = up;
    byId("connection").textContent = t("reconnecting");
  },
});

const act = (type, request = {}) => socket.send({ type, ...request });
const openApp = (url, start_param) => act("open_app", { url, start_param });

// Returns whether the link stays in the page: a command, or a deep link to this bot.
function follow(kind, value) {
  if (kind === "command") return act("send_text", { text: value });
  const deep = /^https:\/\/t\.me\/(\w+)\/?(?:\?start=([\w-]{0,64}))?$/.exec(value);
  if (deep?.[1] !== chat.bot.username) return false;
  if (deep[2] !== undefined) act("send_text", { text: `/start ${deep[2]}`.trim() });
  return true;
}

const transcript = new Transcript({
  scroller: byId("scroller"), list: byId("transcript"), toBottom: byId("to-bottom"),
  on: { follow, openApp, openMenu: messageMenu, press, stop: () => act("stop") },
});

const composer = new Composer({
  send: (text, reply_to, quote) => act("send_text", { text, reply_to, quote }),
  edit: (message_id, text) => act("edit", { message_id, text }),
  attach,
  lastOwnText: () => transcript.lastOwnText(),
  openApp,
  start: () => act("send_text", { text: startWord ? `/start ${startWord}` : "/start" }),
  sendVoice: (file) => attachments.send(file, "voice"),
  refused: toast,
});

const attachments = new Attachments({ person: () => chat.person.id, refused: toast });

function attach(kind) {
  if (kind === "file") return attachments.choose();
  if (kind === "album") return act("album", { caption: t("photoCaption") });
  if (kind === "location") return act("share_live_location");
  return act("sample", { kind, caption: kind === "photo" ? t("photoCaption") : undefined });
}

// A person's step, for a live location that is moved by hand.
function move({ message_id, location: { latitude, longitude } }) {
  act("move_live_location", { message_id, latitude: latitude + 0.001, longitude: longitude + 0.001 });
}

function press(message, row, column) {
  const button = transcript.buttonAt(message.message_id, row, column);
  if (button.classList.contains("waiting")) return;
  button.classList.add("waiting");
  act("press", { message_id: message.message_id, row, column });
}

function messageMenu(message, x, y) {
  const text = message.text ?? message.caption;
  const selected = getSelection().toString().trim();
  const quote = selected && text?.includes(selected) ? selected : undefined;
  const choices = [["reply", t(quote ? "quote" : "reply"), () => composer.startReply(message, quote)]];
  if (transcript.own(message) && text) choices.push(["edit", t("edit"), () => composer.startEdit(message)]);
  if (transcript.own(message) && message.location?.live_period) choices.push(["location", t("move"), () => move(message)]);
  choices.push(["forward", t("forward"), () => act("forward", { message_id: message.message_id })]);
  if (text) choices.push(["copy", t("copy"), () => navigator.clipboard?.writeText(text)]);
  openMenu(x, y, choices);
}

const EVENTS = {
  snapshot(event) {
    chat = event;
    speak(chat.person.language_code);
    pressed.clear();
    closeMiniApp();
    showHeader(chat);
    transcript.show(chat);
    composer.show(chat);
    nameEvents();
    if (chat.draft) transcript.showDraft(chat.draft.draft, chat.draft.seconds);
    if (chat.action) EVENTS.action(chat.action);
    document.documentElement.dataset.ready = String(chat.person.id);
  },
  bot({ bot }) {
    chat.bot = bot;
    showHeader(chat);
    Object.assign(composer, { commands: bot.commands, menuButton: bot.menu_button });
    composer.showMenuButton();
  },
  message({ message }) {
    transcript.add(message);
    if (transcript.own(message)) startWord = null;
    else showStatus(null);
    composer.showStart(chat.person.blocked ? t("restart") : null);
  },
  edited: ({ message }) => transcript.edit(message),
  deleted: ({ message_ids }) => transcript.remove(message_ids),
  read: ({ message_id }) => transcript.markRead(message_id),
  draft({ draft, seconds }) {
    showStatus(null);
    transcript.showDraft(draft, seconds);
  },
  action: ({ action, seconds }) => showStatus(action, seconds),
  blocked({ blocked }) {
    chat.person.blocked = blocked;
    composer.showStart(blocked ? t("restart") : null);
  },
  voice_setting({ forbidden }) {
    chat.person.forbids_voice = forbidden;
  },
  pressed({ query_id, message_id, row, column }) {
    const stop = () => transcript.buttonAt(message_id, row, column)?.classList.remove("waiting");
    pressed.set(query_id, stop);
    setTimeout(stop, PRESS_SECONDS * 1000);
  },
  callback_answer({ query_id, answer }) {
    pressed.get(query_id)?.();
    pressed.delete(query_id);
    if (answer.url && !follow("link", answer.url)) window.open(answer.url, "_blank", "noopener");
    if (answer.text) (answer.show_alert ? alertBox : toast)(answer.text);
  },
  app({ url, init_data }) {
    openMiniApp({ url, initData: init_data, botName: chat.bot.name, onLink: (link) => follow("link", link) });
  },
  error: ({ message }) => toast(message),
};

byId("theme-button").onclick = () => {
  chooseTheme(theme() === "dark" ? "light" : "dark");
  showThemeButton();
  tellTheme();
};

byId("person-button").onclick = () => choosePerson(chat.people, chat.person.id, enter);

byId("more-button").onclick = ({ currentTarget }) => {
  const { right, bottom } = currentTarget.getBoundingClientRect();
  const { blocked, forbids_voice: forbids } = chat.person;
  const choices = [
    ["people", t("people"), () => choosePerson(chat.people, chat.person.id, enter)],
    ["voice", t(forbids ? "allowVoice" : "forbidVoice"), () => act("forbid_voice", { forbidden: !forbids })],
    blocked ? ["block", t("unblock"), () => act("unblock")] : ["block", t("block"), () => act("block"), true],
  ];
  if (eventsAvailable()) choices.unshift(["events", t("events"), toggleEvents]);
  openMenu(right - 240, bottom + 4, choices);
};

function enter(person) {
  const address = new URL(location.href);
  address.search = new URLSearchParams({ user: person.id, theme: theme() });
  history.replaceState(null, "", address);
  socket.enter(person);
}

// ?user=1001&name=Anna&last_name=&username=&lang=ru&theme=dark&start=mario
function personFromAddress() {
  const person = { id: Number(query.get("user")) || 1001 };
  const names = { name: "first_name", last_name: "last_name", username: "username", lang: "language_code" };
  for (const [asked, field] of Object.entries(names)) {
    if (query.has(asked)) person[field] = query.get(asked);
  }
  return person;
}

chooseTheme(query.get("theme"));
speak(query.get("lang"));
socket.enter(personFromAddress());
watchEvents();
