// The owner's actions on a character: edit, share, export, delete.

import { exportCard, remove, share } from "../api.js";
import { element } from "../elements.js";
import { say } from "../status.js";
import { confirmed } from "../telegram/popup.js";
import { filled } from "../texts/filled.js";

/** @param character one of `cast.yours` */
export function ownActions(character, { router, cast, texts }) {
  async function ask(request, words, after) {
    try {
      await request();
    } catch (refusal) {
      if (!router.isOver(refusal)) say(texts.actionFailed[refusal.reason] ?? texts.actionFailed.failed, "bad");
      return;
    }
    cast.askMe();
    after?.();
    say(filled(words, character), "good");
  }
  async function removeIfConfirmed() {
    const { title, message, action } = texts.removal;
    if (!(await confirmed({ title: filled(title, character), message, action }))) return;
    await ask(() => remove(character.id), texts.removed, () => router.back());
  }
  const does = (words, onclick, className = "") =>
    element("li", {}, element("button", { type: "button", class: className, textContent: words, onclick }));
  const { id, is_checked: isChecked, is_shared: isShared } = character;
  return element("ul", { class: "group does", role: "list" },
    does(texts.edit, () => router.go("form", { id })),
    isChecked && does(texts.share, () => ask(() => share(id, true), texts.linkComes)),
    isShared && does(texts.unshare, () => ask(() => share(id, false), texts.notShared)),
    does(texts.exportPng, () => ask(() => exportCard(id, "png"), texts.fileComes)),
    does(texts.exportJson, () => ask(() => exportCard(id, "json"), texts.fileComes)),
    does(texts.remove, removeIfConfirmed, "bad"));
}
