// The picker: shows the cast, sends one choice, closes.

import { followClient } from "./appearance.js";
import { cardOf, castScreen, markCurrent, markWaiting, noticeScreen } from "./screens.js";
import { choose, fetchCast, fetchCurrent } from "./server.js";
import { connect, launchParams, on, post } from "./telegram.js";
import { languageOf, named, textsIn } from "./texts.js";

const stage = document.getElementById("stage");
const status = document.getElementById("status");
const launch = launchParams();
const initData = launch.tgWebAppData ?? "";
const language = languageOf(initData);
const texts = textsIn(language);
const actions = { empty: load, offline: load, failed: load, expired: close };
// A client closes the page within this time of being asked to. One that does not leaves it open for another choice.
const CLOSING_MS = 2000;
let isChoosing = false;
let closing = null;

function close() {
  post("web_app_close");
}

function show(screen) {
  const hadFocus = stage.contains(document.activeElement);
  stage.replaceChildren(screen);
  if (hadFocus) stage.focus();
}

/** `tone`: "quiet" is heard by a screen reader and not seen. */
function say(words, tone = "quiet") {
  status.dataset.tone = tone;
  status.textContent = words;
}

function notify(kind) {
  const words = texts.notices[kind];
  show(noticeScreen(kind, words, actions[kind]));
  say(words.title);
  if (kind === "offline") window.ononline = load;
}

async function load() {
  window.ononline = null;
  show(castScreen(texts));
  say(texts.loading);
  const current = fetchCurrent(initData).catch((refusal) => refusal);
  try {
    showCast(await fetchCast(language));
  } catch (refusal) {
    notify(refusal.reason === "offline" ? "offline" : "failed");
    return;
  }
  showCurrent(await current);
}

function showCast(characters) {
  if (characters.length === 0) {
    notify("empty");
    return;
  }
  const cards = characters.map((character) => cardOf(character, (event) => pick(event.currentTarget, character)));
  stage.querySelector("ul").replaceChildren(...cards);
  say("");
}

/** Without an answer the cast stays usable, unmarked; init data refused here would be refused at the choice too. */
function showCurrent(answer) {
  if (answer?.reason === "expired") notify("expired");
  else if (typeof answer === "string") markCurrent(stage, answer, texts.current);
}

async function pick(button, { id, name }) {
  if (isChoosing) return;
  isChoosing = true;
  post("web_app_trigger_haptic_feedback", { type: "selection_change" });
  markWaiting(stage, button);
  say(named(texts.choosing, name));
  try {
    await choose(initData, id);
  } catch (refusal) {
    isChoosing = false;
    markWaiting(stage, null);
    explain(refusal.reason, name);
    return;
  }
  markCurrent(stage, id, texts.current);
  markWaiting(stage, null, true);
  say(named(texts.chosen, name), "good");
  close();
  closing = setTimeout(reopen, CLOSING_MS);
}

/** The page has stayed open after a choice, or is shown again: the next choice is as good as the first. */
function reopen() {
  clearTimeout(closing);
  closing = null;
  isChoosing = false;
  markWaiting(stage, null);
}

/** What was said of the last choice is out of date, and another character may have been chosen in the chat. */
async function showAgain() {
  const isAsking = isChoosing && closing === null;
  if (isAsking || !stage.querySelector("button.card")) return;
  reopen();
  say("");
  showCurrent(await fetchCurrent(initData).catch((refusal) => refusal));
}

function explain(reason, name) {
  post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: "error" });
  if (reason === "expired") notify("expired");
  else say(named(texts.choiceFailed[reason], name), "bad");
}

document.documentElement.lang = language;
connect();
followClient(launch);
on("visibility_changed", ({ is_visible: isVisible }) => isVisible && showAgain());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && showAgain());
if (initData) load();
else notify("outside");
post("web_app_ready");
post("web_app_expand");
