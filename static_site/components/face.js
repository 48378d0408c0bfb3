// A character's portrait; where there is none, the first letter of the name on a colour of the character's own.

import { element } from "../elements.js";

const TINTS = 7;

/** @param loading "lazy": when it comes near the visible part of the page */
export function face({ id, name, avatar_url: url }, { loading = "eager" } = {}) {
  const made = element("span", { class: "face" });
  const showInitial = () => {
    made.classList.add("initial", `tint-${tintOf(id)}`);
    made.ariaHidden = "true";
    made.textContent = [...name.trim()][0]?.toLocaleUpperCase() ?? "";
  };
  if (url) made.append(element("img", { alt: "", decoding: "async", loading, onerror: showInitial, src: url }));
  else showInitial();
  return made;
}

function tintOf(id) {
  return [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % TINTS;
}
