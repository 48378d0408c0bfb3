// A character's page: its description and greeting, before the person chooses it.

import { fetchCharacter, choose } from "../api.js";
import { named } from "../components/bubble.js";
import { face } from "../components/face.js";
import { greetings } from "../components/greetings.js";
import { ownActions } from "../components/own_actions.js";
import { element } from "../elements.js";
import { say } from "../status.js";
import { personOf } from "../telegram/launch.js";
import { post } from "../telegram/protocol.js";
import { filled } from "../texts/filled.js";
import { TEXTS } from "../texts/character.js";

export const styles = ["styles/character.css"];
// A client closes the page within this time of being asked to. One that does not leaves it open for another choice.
const CLOSING_MS = 2000;

export function open({ id }, router, { cast, language, initData }) {
  return new CharacterPage(id, router, cast, TEXTS[language], personOf(initData).first_name ?? "");
}

class CharacterPage {
  #closing = null;
  #isChoosing = false;

  constructor(id, router, cast, texts, user) {
    Object.assign(this, { id, router, cast, texts, user });
    this.character = cast.find(id) ?? { id, name: "…", tagline: "", tags: [] };
    this.head = element("header", { class: "profile" });
    this.rest = element("div", { class: "rest" });
    this.own = element("div", { class: "rest" });
    const remembers = element("button", { type: "button", textContent: texts.memory, onclick: () => router.go("memory", { id }) });
    const memory = element("ul", { class: "group does rest", role: "list" }, element("li", {}, remembers));
    this.element = element("article", { class: "character" }, this.head, this.rest, memory, this.own);
    this.changed = () => this.#showOwn();
    cast.addEventListener("change", this.changed);
    this.#showHead();
    this.#showOwn();
    this.#load();
  }

  get main() {
    if (this.isGone || this.#own()?.is_checked === false) return null;
    const isCurrent = this.cast.current === this.id;
    return {
      text: isCurrent ? this.texts.goOn : this.texts.start,
      isBusy: this.#isChoosing,
      press: () => (isCurrent ? this.router.close() : this.#choose()),
    };
  }

  closed() {
    clearTimeout(this.#closing);
    this.cast.removeEventListener("change", this.changed);
  }

  /** It may have been edited. */
  uncovered() {
    this.#load();
  }

  #own() {
    return this.cast.yours.find(({ id }) => id === this.id);
  }

  #showOwn() {
    const own = this.#own();
    const shown = JSON.stringify(own);
    if (shown === this.shownOwn) return;
    this.shownOwn = shown;
    this.own.replaceChildren(...(own ? [ownActions(own, this)] : []));
    this.#showHead();
    this.router.refresh();
  }

  shownAgain() {
    if (this.#closing) this.#reopen();
  }

  async #load() {
    this.rest.replaceChildren(element("div", { class: "talk placeholder", ariaHidden: "true" }));
    try {
      const found = await fetchCharacter(this.id);
      this.character = { ...this.character, ...found };
    } catch (refusal) {
      return this.router.isOver(refusal) || this.#notLoaded(refusal.reason);
    }
    this.#showHead();
    this.#showRest();
    this.router.refresh();
  }

  #showHead() {
    const { name, tagline, tags = [] } = this.character;
    this.head.replaceChildren(
      face(this.character),
      element("h1", { dir: "auto", textContent: name }),
      element("p", { class: "tagline", dir: "auto", textContent: tagline }),
      element("ul", { class: "tags", role: "list" }, tags.map((tag) => element("li", { class: "tag", textContent: tag }))),
      this.#own()?.is_checked === false ? element("p", { class: "state", textContent: this.texts.unchecked }) : "");
  }

  #showRest() {
    const { texts, character } = this;
    const names = { char: character.name, user: this.user };
    const said = character.greetings.map((greeting) => named(greeting, names));
    this.rest.replaceChildren(
      element("h2", { class: "caption", textContent: texts.greeting }),
      said.length > 0
        ? greetings(said, texts)
        : element("p", { class: "talk", textContent: filled(texts.noGreeting, character) }),
      ...this.#notes());
  }

  #notes() {
    const { notes, creator } = this.character;
    if (!notes && !creator) return [];
    return [
      element("h2", { class: "caption", textContent: this.texts.about }),
      element("div", { class: "group notes" },
        notes && element("p", { dir: "auto", textContent: notes }),
        creator && element("p", { class: "creator", dir: "auto", textContent: filled(this.texts.creator, { creator }) })),
    ];
  }

  #notLoaded(reason) {
    if (reason === "gone") {
      this.isGone = true;
      this.rest.replaceChildren();
      this.router.refresh();
      return say(filled(this.texts.choiceFailed.gone, this.character), "bad");
    }
    this.rest.replaceChildren(element("div", { class: "group notes" },
      element("p", { textContent: this.texts.notLoaded }),
      element("button", { type: "button", class: "action", textContent: this.texts.again, onclick: () => this.#load() })));
  }

  async #choose() {
    if (this.#isChoosing) return;
    this.#set(true);
    post("web_app_trigger_haptic_feedback", { type: "impact", impact_style: "light" });
    say(filled(this.texts.choosing, this.character));
    try {
      await choose(this.id);
    } catch (refusal) {
      this.#set(false);
      post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: "error" });
      return this.router.isOver(refusal) || say(filled(this.texts.choiceFailed[refusal.reason] ?? this.texts.choiceFailed.failed, this.character), "bad");
    }
    this.cast.choose(this.character);
    say(filled(this.texts.chosen, this.character), "good");
    this.router.close();
    this.#closing = setTimeout(() => this.#reopen(), CLOSING_MS);
  }

  /** The page has stayed open after a choice: it takes the next one. */
  #reopen() {
    clearTimeout(this.#closing);
    this.#closing = null;
    this.#set(false);
  }

  #set(isChoosing) {
    this.#isChoosing = isChoosing;
    this.router.refresh();
  }
}
