// A full-screen word to the person: nothing to show, no connection, a page that is out of date.

import { element, icon } from "../elements.js";
import { TEXTS } from "../texts/notices.js";

export const texts = (language) => TEXTS[language];

/** @param words `{title, body, action}`; without `press` there is no button */
export function noticeScreen(kind, { title, body, action }, press) {
  return element("section", { class: "notice" },
    icon(`sign-${kind}`),
    element("h1", { textContent: title }),
    element("p", { textContent: body }),
    press && element("button", { type: "button", class: "action", textContent: action, onclick: press }));
}
