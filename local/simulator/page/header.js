// The bot's name and chat action, and the answers to pressed buttons: a toast or an alert.
import { fillAvatar, label } from "./elements.js";
import { showPerson } from "./people.js";
import { t } from "./texts.js";
import { theme } from "./theme.js";

const TOAST_SECONDS = 4;
const byId = (id) => document.getElementById(id);

export function showHeader(chat) {
  document.title = chat.bot.name;
  byId("bot-name").textContent = chat.bot.name;
  fillAvatar(byId("bot-avatar"), chat.bot.id, chat.bot.name);
  showPerson(chat.person);
  showStatus(null);
  label(byId("more-button"), "more", t("more"));
  byId("person-button").ariaLabel = `${t("you")}: ${byId("person-name").textContent}`;
  showThemeButton();
}

export function showThemeButton() {
  const other = theme() === "dark" ? "light" : "dark";
  label(byId("theme-button"), other === "dark" ? "moon" : "sun", t(other));
}

let statusEnds;
export function showStatus(action, seconds = 0) {
  clearTimeout(statusEnds);
  byId("bot-status").textContent = t(/voice/.test(action) ? "recording" : action ? "typing" : "bot");
  byId("bot-status").classList.toggle("busy", Boolean(action));
  if (action) statusEnds = setTimeout(() => showStatus(null), seconds * 1000);
}

let toastEnds;
export function toast(text) {
  byId("toast").textContent = text;
  byId("toast").hidden = false;
  clearTimeout(toastEnds);
  toastEnds = setTimeout(() => { byId("toast").hidden = true; }, TOAST_SECONDS * 1000);
}

export function alertBox(text) {
  const dialog = byId("alert");
  dialog.querySelector("p").textContent = text;
  dialog.querySelector("button").textContent = t("ok");
  dialog.querySelector("button").onclick = () => dialog.close();
  dialog.showModal();
}
