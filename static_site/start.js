// Puts the parts of the page together.

import { Router } from "./router.js";
import { say } from "./status.js";
import { followClient } from "./telegram/appearance.js";
import { connect, on, post } from "./telegram/protocol.js";

// Every screen, by name. A screen is a module that is loaded when it is first opened: docs/mini_app.md says what it
// exports.
const SCREENS = {
  list: () => import("./screens/list.js"),
  character: () => import("./screens/character.js"),
  form: () => import("./screens/form.js"),
  memory: () => import("./screens/memory.js"),
  why: () => import("./screens/why.js"),
};

export function start({ launch, initData, language, cast }) {
  const router = new Router(document.getElementById("stage"), SCREENS, { language, cast, initData });
  connect();
  followClient(launch);
  const askAgain = () => {
    if (document.visibilityState !== "visible") return;
    say("");
    router.shownAgain();
    cast.askMe();
    cast.me.catch((refusal) => router.isOver(refusal));
  };
  if (initData) {
    // The message is out of date, and another character may have been chosen in the chat.
    on("visibility_changed", ({ is_visible: isVisible }) => isVisible && askAgain());
    document.addEventListener("visibilitychange", askAgain);
    router.open(launch);
  } else {
    router.notify("outside");
  }
  post("web_app_ready");
  post("web_app_expand");
}
