// The portrait of a form: the present picture, and a button to choose another.

import { element, icon } from "../elements.js";
import { drawn, packed, unpacked } from "../portrait.js";
import { face } from "./face.js";

/**
 * @param character whose portrait stands there so far; @param chosen the base64 of a draft, or null
 * @param texts `{choose, broken}`; @param changed called with the portrait in base64
 */
export function portraitField({ character, chosen, texts, changed }) {
  const shown = element("span", { class: "shown" }, character.name ? face(character) : element("span", { class: "face" }));
  const error = element("p", { class: "error", hidden: true, role: "alert" });
  const input = element("input", { type: "file", accept: "image/*", ariaLabel: texts.choose, onchange: take });
  async function show(blob) {
    const canvas = await drawn(blob);
    canvas.className = "face";
    shown.replaceChildren(canvas);
    return canvas;
  }
  async function take() {
    const [file] = input.files;
    if (!file) return;
    error.hidden = true;
    try {
      changed(await packed(await show(file)));
    } catch {
      error.textContent = texts.broken;
      error.hidden = false;
    }
    input.value = ""; // the same file may be chosen again
  }
  if (chosen) show(unpacked(chosen)).catch(() => {}); // a damaged draft: the portrait is chosen again
  return {
    element: element("div", { class: "portrait" }, element("label", {}, shown, icon("camera"), input, element("span", { class: "choose", textContent: texts.choose })), error),
    showError(words) {
      error.textContent = words;
      error.hidden = words === "";
    },
    input,
  };
}
