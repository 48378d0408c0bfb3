// The screens as elements, made from the templates of index.html. Words go in as text, never as markup.

const PLACEHOLDERS = 6;
const TINTS = 7;

function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true);
}

/** The cast's screen with placeholders where the cards will stand. */
export function castScreen(texts) {
  const screen = fromTemplate("cast");
  screen.querySelector("h1").textContent = texts.title;
  screen.querySelector("p").textContent = texts.lead;
  screen.querySelector("ul").append(...Array.from({ length: PLACEHOLDERS }, () => fromTemplate("placeholder")));
  return screen;
}

/** A full-screen word to the person; without `onAction` it has no button. */
export function noticeScreen(kind, words, onAction) {
  const screen = fromTemplate("notice");
  screen.querySelector("use").setAttribute("href", `#sign-${kind}`);
  screen.querySelector("h1").textContent = words.title;
  screen.querySelector("p").textContent = words.body;
  const button = screen.querySelector("button");
  button.textContent = words.action ?? "";
  if (onAction) button.addEventListener("click", onAction);
  else button.remove();
  return screen;
}

export function cardOf(character, onChoose) {
  const card = fromTemplate("card");
  const button = card.querySelector("button");
  button.dataset.character = character.id;
  button.addEventListener("click", onChoose);
  card.querySelector(".name").textContent = character.name;
  card.querySelector(".tagline").textContent = character.tagline;
  card.querySelector(".tags").append(...(character.tags ?? []).map(tagOf));
  showFace(card.querySelector(".face"), character);
  return card;
}

function tagOf(words) {
  const tag = document.createElement("span");
  tag.className = "tag";
  tag.textContent = words;
  return tag;
}

function showFace(face, { id, name, avatar_url: url }) {
  const image = face.querySelector("img");
  const useInitial = () => {
    face.classList.add("initial", `tint-${tintOf(id)}`);
    face.ariaHidden = "true";
    face.textContent = [...name.trim()][0]?.toLocaleUpperCase() ?? "";
  };
  image.addEventListener("error", useInitial);
  if (url) image.src = url;
  else useInitial();
}

function tintOf(id) {
  return [...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % TINTS;
}

/** Marks one card as the character talked with now; null unmarks all. */
export function markCurrent(list, characterId, words) {
  for (const button of list.querySelectorAll("button")) {
    const isCurrent = button.dataset.character === characterId;
    button.ariaCurrent = isCurrent ? "true" : null;
    button.ariaDescription = isCurrent ? words : null;
  }
}

/** Marks the card that waits for the server, and holds all of them back as long as that makes sense. */
export function markWaiting(list, waiting, isHeld = waiting !== null) {
  for (const button of list.querySelectorAll("button")) {
    button.ariaBusy = button === waiting ? "true" : null;
    // Not `disabled`: that would take the keyboard's focus away.
    button.ariaDisabled = isHeld ? "true" : null;
  }
}
