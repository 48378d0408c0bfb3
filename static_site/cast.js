// The characters that the page knows of, and which of them are the person's. Fires "change" when one of these changes.

import { fetchCharacters, fetchMe } from "./api.js";

// Shown at the next opening until the server has answered, so that the list does not move under a finger.
const STORED = "troupe:me:";
const LOOK_EVERY_MS = 2500;
const MAX_LOOKS = 8;

export class Cast extends EventTarget {
  all = null;
  recent = [];
  yours = [];
  mayMake = true; // until the server says otherwise: so that the list does not move
  current = null;

  /** @param personId: several accounts of one device share its storage */
  constructor(personId) {
    super();
    this.key = `${STORED}${personId}`;
    Object.assign(this, stored(this.key));
  }

  /** Asks for everything; `characters` and `me` are the answers, which may be refusals. */
  ask() {
    this.all = null;
    this.characters = this.#take(fetchCharacters(), (all) => ({ all }));
    this.askMe();
  }

  askMe() {
    clearTimeout(this.timer);
    this.me = this.#take(fetchMe(), (me) => {
      store(this.key, me);
      return me;
    });
  }

  /** Asks again until a character that was saved just now is checked. */
  watchCheck(tries = MAX_LOOKS) {
    this.askMe();
    this.me.finally(() => {
      const waits = this.yours.some((character) => character.is_checked === false);
      if (waits && tries > 1) this.timer = setTimeout(() => this.watchCheck(tries - 1), LOOK_EVERY_MS);
    }).catch(() => {}); // the next look may succeed
  }

  find(id) {
    return [...this.yours, ...this.recent, ...(this.all ?? [])].find((character) => character.id === id);
  }

  /** The person has just chosen this character. */
  choose(character) {
    this.current = character.id;
    this.recent = [character, ...this.recent.filter(({ id }) => id !== character.id)];
    store(this.key, { current: this.current, recent: this.recent, yours: this.yours, mayMake: this.mayMake });
    this.dispatchEvent(new Event("change"));
  }

  #take(answer, changes) {
    const taken = answer.then((found) => {
      Object.assign(this, changes(found));
      this.dispatchEvent(new Event("change"));
    });
    taken.catch(() => {}); // whoever waits for it hears of it
    return taken;
  }
}

function stored(key) {
  try {
    const { current = null, recent = [], yours = [], mayMake = true } = JSON.parse(localStorage.getItem(key));
    return { current, recent, yours, mayMake };
  } catch {
    return {}; // nothing there, or storage is closed to this frame
  }
}

function store(key, me) {
  try {
    localStorage.setItem(key, JSON.stringify(me));
  } catch {
    // As above: the list then moves once, when the answer is there.
  }
}
