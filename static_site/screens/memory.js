// A character's memory: search through all that was said, and facts to pin, correct and forget.

import { factItem, MAX_WORDS } from "../components/fact.js";
import { field } from "../components/field.js";
import { said } from "../components/said.js";
import { searchField } from "../components/search_field.js";
import { element } from "../elements.js";
import { memoriesOf } from "../memories.js";
import { say } from "../status.js";
import { confirmed } from "../telegram/popup.js";
import { filled } from "../texts/filled.js";
import { TEXTS } from "../texts/memory.js";

// Those of a list of actions and of fields, too.
export const styles = ["styles/character.css", "styles/form.css", "styles/memory.css"];
// A request is made once the person pauses in typing.
const PAUSE_MS = 400;

export function open({ id, topic }, router, { cast, language }) {
  return new Memory(id, Number(topic) || 0, router, cast.find(id)?.name ?? "", TEXTS[language], language);
}

class Memory {
  #pause = null;
  #searches = 0;
  #words = "";

  constructor(id, topic, router, name, texts, language) {
    Object.assign(this, { id, topic, router, name, texts, language, memories: memoriesOf(id, topic) });
    this.title = element("h1", { dir: "auto" });
    this.found = element("section", { hidden: true });
    this.rest = element("div");
    const search = searchField({ label: texts.search, clear: texts.clear, changed: (words) => this.#typed(words) });
    search.querySelector("input").maxLength = MAX_WORDS;
    this.element = element("article", { class: "memory" }, this.title, search, this.found, this.rest);
    this.#showTitle();
    this.#load();
  }

  shownAgain() {
    this.#load();
  }

  closed() {
    clearTimeout(this.#pause);
    this.#searches += 1;
  }

  #showTitle() {
    const { name, texts } = this;
    this.title.textContent = name ? filled(texts.title, { name }) : texts.titleNameless;
  }

  async #load() {
    if (!this.known) this.rest.replaceChildren(element("div", { class: "talk placeholder", ariaHidden: "true" }));
    try {
      this.known = await this.memories.all();
    } catch (refusal) {
      if (!this.router.isOver(refusal)) this.#notLoaded(refusal.reason);
      return;
    }
    this.name = this.known.name || this.name;
    this.#showTitle();
    this.#showKnown();
  }

  #notLoaded(reason) {
    const { texts } = this;
    const again = element("button", { type: "button", class: "action", textContent: texts.again, onclick: () => this.#load() });
    this.rest.replaceChildren(
      element("p", { class: "group nothing", textContent: reason === "gone" ? texts.unknown : texts.notLoaded }),
      reason === "gone" ? "" : again);
  }

  #showKnown() {
    const { known, texts } = this;
    const kinds = Object.entries(texts.kinds).map(([kind, title]) => [title, known.facts.filter((fact) => fact.kind === kind)]);
    const isEmpty = known.facts.length === 0 && known.pinned.length === 0 && !known.summary;
    this.rest.replaceChildren(
      ...(isEmpty ? [element("p", { class: "group nothing", textContent: texts.nothing })] : []),
      ...this.#section(texts.pinned, known.pinned.map((fact) => this.#fact(fact, true))),
      this.#newFact(),
      ...kinds.flatMap(([title, facts]) => this.#section(title, facts.map((fact) => this.#fact(fact, false)))),
      ...this.#summary(),
      this.#whole());
  }

  #section(title, items) {
    if (items.length === 0) return [];
    return [element("h2", { class: "caption", textContent: title }), element("ul", { class: "group", role: "list" }, items)];
  }

  #fact(fact, isPinned) {
    const pin = (words) => this.#change(() => this.memories.pin(words, fact.id), this.texts.pinnedNow);
    const does = {
      pin: isPinned ? null : () => pin(fact.text),
      correct: pin,
      forget: () => this.#forget(this.texts.forgetFact, () => this.memories.forget(fact.id)),
    };
    return factItem(fact, does, this);
  }

  #newFact() {
    const { texts } = this;
    let words = "";
    const made = field({ label: texts.pinNew, hint: texts.pinNewHint, max: MAX_WORDS, changed: (typed) => (words = typed) });
    const onsubmit = (event) => {
      event.preventDefault();
      if (words.trim() === "") made.showError(texts.failed.invalid);
      else this.#change(() => this.memories.pin(words), texts.pinnedNow);
    };
    return element("form", { class: "pinning", onsubmit }, made.element,
      element("button", { class: "action", textContent: texts.remember }));
  }

  #summary() {
    const { texts, known } = this;
    if (!known.summary) return [];
    const forget = () => this.#forget(texts.forgetStory, () => this.memories.forget("summary"));
    return this.#section(texts.summary, [element("li", { class: "fact" },
      element("p", { class: "words", dir: "auto", textContent: known.summary }),
      element("div", { class: "doing", role: "group", ariaLabel: filled(texts.actions, { text: texts.summary }) },
        element("button", { type: "button", class: "bad", textContent: texts.forget, onclick: forget })))]);
  }

  #whole() {
    const { texts, id, topic } = this;
    const forgetAll = async () => {
      if (!(await confirmed(texts.forgetAll))) return;
      await this.#change(() => this.memories.forgetAll(), texts.forgettingAll);
    };
    const does = (words, onclick, className = "") =>
      element("li", {}, element("button", { type: "button", class: className, textContent: words, onclick }));
    return element("ul", { class: "group does", role: "list" },
      does(texts.why, () => this.router.go("why", { id, topic })),
      does(texts.forgetAll.action, forgetAll, "bad"));
  }

  async #forget(question, request) {
    if (!(await confirmed(question))) return;
    await this.#change(request, this.texts.forgotten);
    if (this.#words) this.#search(this.#words, 0, false);
  }

  async #change(request, words) {
    try {
      await request();
    } catch (refusal) {
      if (!this.router.isOver(refusal)) say(this.texts.failed[refusal.reason] ?? this.texts.failed.failed, "bad");
      return;
    }
    await this.#load();
    this.title.tabIndex = -1; // the pressed button is gone: the keyboard goes on from the top
    if (document.activeElement === document.body) this.title.focus({ preventScroll: true });
    say(words, "good");
  }

  #typed(words) {
    clearTimeout(this.#pause);
    this.#words = words.trim();
    this.#searches += 1;
    this.found.hidden = this.#words === "";
    this.rest.hidden = this.#words !== "";
    if (this.#words) this.#pause = setTimeout(() => this.#search(this.#words, 0), PAUSE_MS);
  }

  /** @param skip lines that are shown already; @param isSaid a screen reader is told how many were found */
  async #search(words, skip, isSaid = true) {
    const number = (this.#searches += 1);
    let answer;
    try {
      answer = await this.memories.search(words, skip);
    } catch (refusal) {
      if (number !== this.#searches || this.router.isOver(refusal)) return;
      say(this.texts.failed[refusal.reason] ?? this.texts.failed.failed, "bad");
      return;
    }
    if (number !== this.#searches) return;
    this.#showFound(words, skip, answer);
    if (isSaid) say(filled(this.texts.found, { count: this.found.querySelectorAll("li").length }));
  }

  #showFound(words, skip, { lines, next, is_whole: isWhole }) {
    const { texts } = this;
    if (skip === 0) this.found.replaceChildren(element("ul", { class: "group", role: "list" }));
    const list = this.found.querySelector("ul");
    const items = lines.map((line) => this.#line(line));
    list.append(...items);
    list.hidden = list.childElementCount === 0;
    const more = () => this.#search(words, next);
    this.found.replaceChildren(
      list,
      list.hidden ? element("p", { class: "group nothing", textContent: texts.nothingFound }) : "",
      next ? element("button", { type: "button", class: "action", textContent: texts.more, onclick: more }) : "",
      isWhole ? "" : element("p", { class: "nothing", textContent: texts.notWhole }));
    if (skip > 0) items[0]?.querySelector("button").focus();
  }

  #line(line) {
    const { texts } = this;
    const forget = () => this.#forget(texts.forgetLine, () => this.memories.forgetTurn(line.turn));
    return element("li", { class: "fact" },
      said(line, this.name, texts, this.language),
      element("div", { class: "doing", role: "group", ariaLabel: filled(texts.actions, { text: line.text }) },
        element("button", { type: "button", class: "bad", textContent: texts.forget, onclick: forget })));
  }
}
