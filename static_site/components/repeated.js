// Parts of a form of which there may be any number: greetings, entries of a book.

import { element, icon } from "../elements.js";

/**
 * @param make makes the part of a value: `{element, input}`, and calls its second argument when the value changed
 * @param texts `{add, remove}`; @param changed called with all values
 */
export function repeated({ values, blank, make, texts, max, changed }) {
  const list = element("ol", { class: "repeated", role: "list" });
  const current = new Map();
  const tell = () => {
    changed([...list.children].map((item) => current.get(item)));
    add.hidden = list.childElementCount >= max;
  };
  function append(value) {
    const item = element("li");
    current.set(item, value);
    const part = make(value, (next) => (current.set(item, next), tell()));
    const remove = () => {
      const neighbour = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      tell();
      (neighbour?.querySelector("input, textarea") ?? add).focus();
    };
    item.append(part.element, element("button", { type: "button", class: "remove", ariaLabel: texts.remove, onclick: remove }, icon("cross")));
    list.append(item);
    return part;
  }
  const add = element("button", { type: "button", class: "add", onclick: () => (append(blank()).input.focus(), tell()) }, icon("plus"), texts.add);
  values.forEach(append);
  add.hidden = values.length >= max;
  return element("div", {}, list, add);
}
