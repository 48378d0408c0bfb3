// The list: search, tags, the characters chosen lately, then all of them.

import { faces, markCurrent, rows } from "../components/characters.js";
import { element } from "../elements.js";
import { say } from "../status.js";
import { TEXTS } from "../texts/list.js";

// Not needed for the first rows: index.html has it loaded after them.
const NARROWING = import("../components/narrowing.js");
const PLACEHOLDERS = 6;
// A screen reader says how many were found once the person pauses in typing.
const PAUSE_MS = 600;

export function open(_, router, { cast, language }) {
  return new List(router, cast, TEXTS[language]);
}

class List {
  #narrowing = null;
  #isNarrowed = false;
  #pause = null;

  constructor(router, cast, texts) {
    Object.assign(this, { router, cast, texts });
    this.press = ({ id }) => router.go("character", { id });
    this.rows = rows({ press: this.press, added: () => this.#mark() });
    this.recent = element("section", { hidden: true });
    this.nobody = element("div", { class: "nobody", hidden: true },
      element("p", { textContent: texts.nobody }), element("p", { textContent: texts.nobodyBody }));
    this.narrow = element("div", { class: "narrow" });
    this.element = element("div", { class: "list" },
      element("h1", { textContent: texts.title }), this.narrow, this.recent,
      element("h2", { class: "caption", textContent: texts.all }), this.rows.element, this.nobody);
    this.changed = () => this.#show();
    cast.addEventListener("change", this.changed);
    say(texts.loading);
    this.rows.element.append(...Array.from({ length: PLACEHOLDERS }, placeholder));
    this.#showRecent();
    this.#wait();
    this.#addNarrowing();
  }

  closed() {
    this.cast.removeEventListener("change", this.changed);
    clearTimeout(this.#pause);
  }

  async #wait() {
    const { cast, router } = this;
    cast.me.catch((refusal) => router.isOver(refusal));
    try {
      await cast.characters; // it may have come before this screen listened
      this.#show();
    } catch ({ reason }) {
      router.notify(reason === "offline" ? "offline" : "failed");
    }
  }

  async #addNarrowing() {
    const { narrowing } = await NARROWING;
    this.#narrowing = narrowing(this.texts, (found, isNarrowed) => this.#narrowed(found, isNarrowed));
    this.narrow.replaceChildren(...this.#narrowing.elements);
    if (this.shown) this.#narrowing.show(this.shown);
  }

  #show() {
    const { all } = this.cast;
    this.#showRecent();
    if (all === null || all === this.shown) return;
    if (all.length === 0) {
      this.router.notify("empty");
      return;
    }
    this.shown = all;
    say("");
    if (this.#narrowing) this.#narrowing.show(all);
    else this.rows.show(all);
  }

  #showRecent() {
    const { recent } = this.cast;
    this.recent.hidden = this.#isNarrowed || recent.length === 0;
    const ids = recent.map(({ id }) => id).join(" ");
    if (ids !== this.recentIds) {
      this.recentIds = ids;
      const caption = element("h2", { class: "caption", textContent: this.texts.recent });
      this.recent.replaceChildren(caption, faces(recent, this.press));
    }
    this.#mark();
  }

  #mark() {
    markCurrent(this.element, this.cast.current, this.texts.current);
  }

  #narrowed(found, isNarrowed) {
    if (isNarrowed || this.#isNarrowed || found.length !== this.rows.count) this.rows.show(found);
    this.#isNarrowed = isNarrowed;
    this.nobody.hidden = found.length > 0;
    this.#showRecent();
    if (!isNarrowed) return;
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => say(this.#narrowing.foundWords(found.length)), PAUSE_MS);
  }
}

function placeholder() {
  return element("li", { class: "row placeholder", ariaHidden: "true" },
    element("span", { class: "face" }),
    element("span", { class: "about" },
      element("span", { class: "bar name" }), element("span", { class: "bar" }), element("span", { class: "bar short" })));
}
