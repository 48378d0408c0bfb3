// A field of a form with a list to choose from: its label, a hint, and the error beneath it.

import { element } from "../elements.js";

let numbered = 0;

/** @param choices labels by value; @param changed called with the chosen value */
export function choiceField({ label, hint, choices, value, changed }) {
  const id = `choice-${(numbered += 1)}`;
  const options = Object.entries(choices).map(([each, shown]) => element("option", { value: each, textContent: shown, selected: each === value }));
  const input = element("select", { id }, ...options);
  const error = element("p", { class: "error", id: `${id}-error`, hidden: true });
  input.setAttribute("aria-describedby", `${id}-error ${id}-hint`);
  input.onchange = () => changed(input.value);
  return {
    element: element("div", { class: "field" },
      element("div", { class: "above" }, element("label", { htmlFor: id, textContent: label })),
      input, error, element("p", { class: "hint", id: `${id}-hint`, textContent: hint })),
    input,
    showError(words) {
      error.textContent = words;
      error.hidden = words === "";
    },
  };
}
