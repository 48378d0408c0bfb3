// A line of the person or the character, with its date.

import { element } from "../elements.js";
import { filled } from "../texts/filled.js";

/** @param by "person" or "character" */
export function speaker(by, name, texts) {
  if (by === "person") return texts.you;
  return name ? filled(texts.they, { name }) : texts.theyNameless;
}

export function day(ms, language) {
  const words = new Intl.DateTimeFormat(language, { dateStyle: "medium" }).format(ms);
  return element("time", { dateTime: new Date(ms).toISOString(), textContent: words });
}

/** @param line `{by, text, said_at}` */
export function said({ by, text, said_at: at }, name, texts, language) {
  return [
    element("p", { class: "by" }, element("b", { textContent: speaker(by, name, texts) }), " ", day(at, language)),
    element("p", { class: "words", dir: "auto", textContent: text }),
  ];
}
