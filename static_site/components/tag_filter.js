// Tags to narrow a list by, the most frequent first. Several pressed tags narrow it together.

import { element } from "../elements.js";
import { folded } from "../search.js";

const MAX_TAGS = 40;

/** @param changed called with the pressed tags, folded */
export function tagFilter({ label, changed }) {
  const chips = element("div", { class: "chips", role: "group", ariaLabel: label });
  const pressed = new Set();
  function press(chip, tag) {
    if (!pressed.delete(tag)) pressed.add(tag);
    chip.ariaPressed = String(pressed.has(tag));
    changed([...pressed]);
  }
  function chipOf([tag, { words }]) {
    const chip = element("button", { type: "button", class: "chip", textContent: words, ariaPressed: String(pressed.has(tag)) });
    chip.onclick = () => press(chip, tag);
    return chip;
  }
  return {
    element: chips,
    show(characters) {
      chips.replaceChildren(...frequent(characters).map(chipOf));
      chips.hidden = chips.childElementCount === 0;
    },
  };
}

function frequent(characters) {
  const counted = new Map();
  for (const words of characters.flatMap(({ tags }) => tags ?? [])) {
    const tag = folded(words);
    const { count = 0 } = counted.get(tag) ?? {};
    counted.set(tag, { words, count: count + 1 });
  }
  return [...counted].sort(([, one], [, other]) => other.count - one.count).slice(0, MAX_TAGS);
}
