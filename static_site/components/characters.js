// Characters in a list: rows, of which a long list shows the first ones at once, and faces in a strip.

import { element, icon } from "../elements.js";
import { face } from "./face.js";

// Five hundred rows at once would hold a slow phone up for a second: more are added as the person scrolls.
const FIRST = 20;
const MORE = 20;
const AHEAD = "1000px";

/**
 * @param press called with the character
 * @param added called after rows were added
 */
export function rows({ press, added }) {
  const list = element("ul", { class: "group", role: "list" });
  let waiting = [];
  let shown = null;
  const nearEnd = new IntersectionObserver(
    (entries) => entries.some((entry) => entry.isIntersecting) && add(MORE),
    { rootMargin: AHEAD },
  );
  function add(count) {
    nearEnd.disconnect();
    list.append(...waiting.splice(0, count).map((character) => row(character, press)));
    if (waiting.length > 0) nearEnd.observe(list.lastElementChild);
    added();
  }
  return {
    element: list,
    show(characters) {
      if (isSame(characters, shown)) return;
      shown = characters;
      waiting = [...characters];
      list.replaceChildren();
      add(FIRST);
    },
  };
}

function isSame(some, others) {
  return others !== null && some.length === others.length && some.every((each, place) => each === others[place]);
}

/** A character's row. `state` stands in place of the tags. */
export function row(character, press) {
  const words = character.state ?? character.tags?.join(" · ");
  return element("li", {},
    element("button", { type: "button", class: "row", data: { character: character.id }, onclick: () => press(character) },
      face(character, { loading: "lazy" }),
      element("span", { class: "about" },
        element("span", { class: "name", dir: "auto", textContent: character.name }),
        element("span", { class: "tagline", dir: "auto", textContent: character.tagline }),
        words && element("span", { class: "tags", dir: "auto", textContent: words })),
      icon("tick")));
}

/** Marks the character talked with now, of all that are shown in an element. */
export function markCurrent(shown, characterId, words) {
  for (const button of shown.querySelectorAll("[data-character]")) {
    const isCurrent = button.dataset.character === characterId;
    button.ariaCurrent = isCurrent ? "true" : null;
    button.ariaDescription = isCurrent ? words : null;
  }
}

/** Faces with names in a strip that scrolls sideways. */
export function faces(characters, press) {
  return element("ul", { class: "recent", role: "list" }, characters.map((character) =>
    element("li", {},
      element("button", { type: "button", data: { character: character.id }, onclick: () => press(character) },
        face(character),
        element("span", { class: "name", dir: "auto", textContent: character.name })))));
}
