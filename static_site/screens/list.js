// The list: search, tags, the characters chosen lately, then all of them.

import { faces, markCurrent, row, rows } from "../components/characters.js";
import { element, icon } from "../elements.js";
import { say } from "../status.js";
import { personOf } from "../telegram/launch.js";
import { TEXTS } from "../texts/list.js";

// Not needed for the first rows: index.html has them loaded after those.
const NARROWING = import("../components/narrowing.js");
const DRAFTS = import("../drafts.js");
const PLACEHOLDERS = 6;
// A screen reader says how many were found once the person pauses in typing.
const PAUSE_MS = 600;

export function open(_, router, { cast, language, initData }) {
  return new List(router, cast, TEXTS[language], personOf(initData).id);
}

class List {
  #narrowing = null;
  #isNarrowed = false;
  #pause = null;

  constructor(router, cast, texts, personId) {
    Object.assign(this, { router, cast, texts });
    this.press = ({ id }) => router.go("character", { id });
    this.rows = rows({ press: this.press, added: () => this.#mark() });
    this.recent = element("section", { hidden: true });
    this.yours = element("section");
    this.nobody = element("div", { class: "nobody", hidden: true },
      element("p", { textContent: texts.nobody }), element("p", { textContent: texts.nobodyBody }));
    this.narrow = element("div", { class: "narrow" });
    this.element = element("div", { class: "list" },
      element("h1", { textContent: texts.title }), this.narrow, this.recent, this.yours,
      element("h2", { class: "caption", textContent: texts.all }), this.rows.element, this.nobody);
    this.changed = () => this.#show();
    cast.addEventListener("change", this.changed);
    say(texts.loading);
    this.rows.element.append(...Array.from({ length: PLACEHOLDERS }, placeholder));
    this.#showPersonal();
    this.#wait();
    this.#addNarrowing();
    this.#lookForDraft(personId);
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
    if (this.shown) this.#narrowing.show(this.#searched());
  }

  async #lookForDraft(personId) {
    const { Draft } = await DRAFTS;
    this.draft = new Draft(personId, null);
    this.#showYours();
  }

  #show() {
    const { all } = this.cast;
    this.#showPersonal();
    if (all === null || all === this.shown) return;
    if (all.length === 0) {
      this.router.notify("empty");
      return;
    }
    this.shown = all;
    say("");
    this.rows.show(all);
    this.#narrowing?.show(this.#searched());
  }

  #showPersonal() {
    this.#showYours();
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

  #showYours() {
    const { yours, mayMake } = this.cast;
    const { texts } = this;
    this.yours.hidden = this.#isNarrowed || !(mayMake || yours.length > 0);
    const hasDraft = this.draft?.read() != null;
    const shown = JSON.stringify([yours, mayMake, hasDraft]);
    if (shown === this.shownYours) return;
    this.shownYours = shown;
    const made = yours.map((character) => row({ ...character, state: character.is_checked === false ? texts.unchecked : undefined }, this.press));
    const make = element("button", { type: "button", class: "row make", onclick: () => this.router.go("form") },
      icon("plus"), hasDraft ? texts.goOnMaking : texts.make);
    this.yours.replaceChildren(
      element("h2", { class: "caption", textContent: texts.yours }),
      element("ul", { class: "group", role: "list" }, mayMake && element("li", {}, make), made));
    if (this.shown) this.#narrowing?.show(this.#searched());
  }

  /** The characters that the search covers: the person's own too. */
  #searched() {
    return [...this.cast.yours, ...this.shown];
  }

  /** The screen above was left: a draft may have been begun there. */
  uncovered() {
    this.#showYours();
  }

  #mark() {
    markCurrent(this.element, this.cast.current, this.texts.current);
  }

  #narrowed(found, isNarrowed) {
    if (isNarrowed) this.rows.show(found);
    else if (this.#isNarrowed) this.rows.show(this.shown);
    this.#isNarrowed = isNarrowed;
    this.nobody.hidden = found.length > 0;
    this.#showPersonal();
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
