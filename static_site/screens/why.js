// Why a character said that: the turns and facts that its answer was made from.

import { said } from "../components/said.js";
import { element } from "../elements.js";
import { memoriesOf } from "../memories.js";
import { TEXTS } from "../texts/memory.js";

export const styles = ["styles/memory.css"];

export function open({ id, topic, turn }, router, { cast, language }) {
  const texts = TEXTS[language];
  const name = cast.find(id)?.name ?? "";
  const memories = memoriesOf(id, Number(topic) || 0);
  const title = element("h1", { textContent: texts.whyTitle, tabIndex: -1 });
  const body = element("div");
  const button = (words, onclick) => element("button", { type: "button", class: "action", textContent: words, onclick });
  const list = (caption, items) => items.length === 0 ? [] : [
    element("h2", { class: "caption", textContent: caption }),
    element("ul", { class: "group", role: "list" }, items.map((parts) => element("li", { class: "fact" }, parts))),
  ];
  const line = (words) => said(words, name, texts, language);

  async function show(which) {
    body.replaceChildren(element("div", { class: "talk placeholder", ariaHidden: "true" }));
    let found;
    try {
      found = await memories.why(which);
    } catch (refusal) {
      if (router.isOver(refusal)) return;
      const isGone = refusal.reason === "gone";
      body.replaceChildren(
        element("p", { class: "group nothing", textContent: isGone ? texts.noAnswer : texts.notLoaded }),
        isGone ? "" : button(texts.again, () => show(which)));
      return;
    }
    const { said_at: at, asked, answer, lines, facts } = found;
    const earlier = () => (title.focus({ preventScroll: true }), show({ before: found.turn }));
    body.replaceChildren(
      ...list(texts.answer, [
        ...(asked ? [line({ by: "person", text: asked, said_at: at })] : []),
        line({ by: "character", text: answer, said_at: at }),
      ]),
      ...list(texts.recalledFacts, facts.map(({ text }) => [element("p", { class: "words", dir: "auto", textContent: text })])),
      ...list(texts.recalled, lines.map(line)),
      lines.length + facts.length === 0 ? element("p", { class: "group nothing after", textContent: texts.recalledNothing }) : "",
      element("p", { class: "nothing", textContent: texts.always }),
      button(texts.earlier, earlier));
  }

  show(Number(turn) ? { turn: Number(turn) } : {});
  return { element: element("article", { class: "memory" }, title, body) };
}
