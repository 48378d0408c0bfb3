// A field of a form: its label, a hint, the error beneath it, and a button for help if the model can write it.

import { element, icon } from "../elements.js";

let numbered = 0;

/**
 * @param max the greatest length; @param rows 1 for a line, more for a text that grows
 * @param help `{label, press}`; @param changed called with the text
 */
export function field({ label, hint, max, rows = 1, value = "", help, changed }) {
  const id = `field-${(numbered += 1)}`;
  const kind = rows === 1 ? "input" : "textarea";
  const input = element(kind, { id, value, maxLength: max, autocomplete: "off", dir: "auto", ...(rows > 1 ? { rows } : {}) });
  const error = element("p", { class: "error", id: `${id}-error`, hidden: true });
  const described = hint && element("p", { class: "hint", id: `${id}-hint`, textContent: hint });
  const helper = help && element("button", { type: "button", class: "help", onclick: help.press }, icon("spark"), help.label);
  input.setAttribute("aria-describedby", hint ? `${id}-error ${id}-hint` : `${id}-error`);
  input.oninput = () => {
    made.showError("");
    if (rows > 1) grow(input);
    changed(input.value);
  };
  const made = {
    element: element("div", { class: "field" },
      element("div", { class: "above" }, element("label", { htmlFor: id, textContent: label }), helper),
      input, error, described),
    input,
    set(text) {
      input.value = text;
      input.oninput();
    },
    showError(words) {
      error.textContent = words;
      error.hidden = words === "";
      input.ariaInvalid = words === "" ? null : "true";
    },
    setBusy(isBusy, words) {
      helper.ariaBusy = isBusy ? "true" : null;
      helper.disabled = isBusy;
      helper.lastChild.textContent = words;
    },
  };
  return made;
}

/** As high as its text, and at least as its rows. */
export function grow(textarea) {
  textarea.style.height = "auto";
  textarea.style.height = `${textarea.scrollHeight}px`;
}
