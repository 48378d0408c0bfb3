// A field to search in, with a button that empties it.

import { element, icon } from "../elements.js";

/** @param changed called with the words at every change */
export function searchField({ label, clear, changed }) {
  const input = element("input", {
    type: "search", placeholder: label, ariaLabel: label, autocomplete: "off", spellcheck: false, enterKeyHint: "search",
    oninput: () => changed(input.value),
  });
  const empty = () => {
    input.value = "";
    input.focus();
    changed("");
  };
  // Submitting puts the keyboard of a phone away, so that the results are seen.
  const onsubmit = (event) => (event.preventDefault(), input.blur());
  return element("form", { class: "search", role: "search", onsubmit },
    icon("glass"), input,
    element("button", { type: "button", class: "clear", ariaLabel: clear, onclick: empty }, icon("cross")));
}
