// A character's greetings as bubbles, one at a time, with buttons to the others.

import { element, icon } from "../elements.js";
import { filled } from "../texts/filled.js";
import { bubble } from "./bubble.js";

/** @param texts `{greetingNumber, previous, next}` */
export function greetings(said, texts) {
  const shown = element("div", { class: "said", ariaLive: "polite" });
  const place = element("span", { class: "place" });
  let number = 0;
  function show(next) {
    number = (next + said.length) % said.length;
    shown.replaceChildren(bubble(said[number]));
    place.textContent = `${number + 1} / ${said.length}`;
    place.ariaLabel = filled(texts.greetingNumber, { number: number + 1, count: said.length });
  }
  const button = (step, label, name) =>
    element("button", { type: "button", class: "step", ariaLabel: label, onclick: () => show(number + step) }, icon(name));
  show(0);
  return element("div", { class: "talk" }, shown, said.length > 1 && element("div", { class: "pager" },
    button(-1, texts.previous, "before"), place, button(1, texts.next, "after")));
}
