// A fact that a character knows, with buttons to pin, correct and forget it.

import { element } from "../elements.js";
import { filled } from "../texts/filled.js";
import { field } from "./field.js";
import { day, speaker } from "./said.js";

// As many characters as the server takes.
export const MAX_WORDS = 300;

/**
 * @param fact `{id, text, said_at, source}`; a pinned one has neither date nor source
 * @param does `{pin, correct, forget}`: `correct` is called with the new words; without `pin` it is pinned already
 */
export function factItem(fact, does, { name, texts, language }) {
  const { text, said_at: at, source } = fact;
  const button = (words, onclick, className = "") => element("button", { type: "button", class: className, textContent: words, onclick });
  const buttons = element("div", { class: "doing", role: "group", ariaLabel: filled(texts.actions, { text }) });
  const correcting = button(texts.correct, () => item.replaceChildren(editing()));
  buttons.append(
    ...(does.pin ? [button(texts.pin, does.pin)] : []), correcting, button(texts.forget, does.forget, "bad"));
  const quote = source && filled(texts.quote, { by: speaker(source.by, name, texts), text: source.text });
  const shown = [
    element("p", { class: "words", dir: "auto", textContent: text }),
    at && element("p", { class: "by" }, day(at, language)),
    quote && element("p", { class: "source", dir: "auto", textContent: quote }),
    buttons,
  ].filter(Boolean);

  function editing() {
    let words = text;
    const made = field({ label: texts.corrected, max: MAX_WORDS, rows: 2, value: text, changed: (typed) => (words = typed) });
    const back = () => (item.replaceChildren(...shown), correcting.focus());
    const onsubmit = (event) => {
      event.preventDefault();
      if (words.trim() === "") made.showError(texts.failed.invalid);
      else if (words.trim() === text) back();
      else does.correct(words);
    };
    queueMicrotask(() => made.input.focus());
    return element("form", { class: "correcting", onsubmit }, made.element,
      element("div", { class: "doing" },
        element("button", { textContent: texts.save }), button(texts.cancel, back)));
  }
  const item = element("li", { class: "fact" }, shown);
  return item;
}
