// The characters that the page knows of, and which of them are the person's. Fires "change" when one of these changes.

import { fetchCharacters, fetchMe } from "./api.js";

// Shown at the next opening until the server has answered, so that the list does not move under a finger.
const STORED = "troupe:me:";

export class Cast extends EventTarget {
  all = null;
  recent = [];
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
    this.me = this.#take(fetchMe(), (me) => {
      store(this.key, me);
      return me;
    });
  }

  find(id) {
    return [...this.recent, ...(this.all ?? [])].find((character) => character.id === id);
  }

  /** The person has just chosen this character. */
  choose(character) {
    this.current = character.id;
    this.recent = [character, ...this.recent.filter(({ id }) => id !== character.id)];
    store(this.key, { current: this.current, recent: this.recent });
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
    const { current = null, recent = [] } = JSON.parse(localStorage.getItem(key));
    return { current, recent };
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
