// Which screen is shown. Screens lie on each other like sheets: going back shows the one beneath as it was left.

import { say } from "./status.js";
import { on, post } from "./telegram/protocol.js";

// Not needed for the first list: index.html has them loaded after it.
const BUTTONS = import("./telegram/buttons.js");
const NOTICES = import("./screens/notice.js");

export class Router {
  #sheets = [];
  #isOpening = false;
  #hadFocus = false;
  #shown = "";

  /**
   * @param screens by name, a function that loads the screen's module
   * @param context the argument of every screen: `{language, cast, initData}`
   */
  constructor(stage, screens, context) {
    Object.assign(this, { stage, screens, context });
    on("back_button_pressed", () => this.back());
    on("main_button_pressed", () => this.#top?.screen.main?.press());
  }

  get #top() {
    return this.#sheets.at(-1);
  }

  /** The list, and on it the screen that the address asks for: ?screen=character&id=mario, or a link's start parameter. */
  async open() {
    window.ononline = null;
    this.#clear();
    await this.go("list");
    const asked = new URLSearchParams(location.search);
    const linked = new URLSearchParams(this.context.initData).get("start_param");
    if (asked.get("screen") in this.screens) await this.go(asked.get("screen"), Object.fromEntries(asked));
    else if (linked) await this.go("character", { id: linked });
  }

  /** Lays a screen on top. */
  async go(name, params = {}) {
    if (this.#isOpening) return;
    this.#isOpening = true;
    try {
      const { open, styles = [] } = await this.screens[name]();
      await Promise.all(styles.map(styled));
      this.#lay(open(params, this, this.context));
    } catch (error) {
      say((await NOTICES).texts(this.context.language).notOpened, "bad");
      throw error;
    } finally {
      this.#isOpening = false;
    }
  }

  /** Takes the top screen off, unless it is the only one. */
  back() {
    if (this.#sheets.length < 2) return;
    const { screen } = this.#sheets.pop();
    screen.closed?.();
    screen.element.remove();
    const { screen: beneath, scrolled, focused } = this.#top;
    beneath.element.hidden = false;
    beneath.uncovered?.();
    say("");
    this.refresh();
    scrollTo(0, scrolled);
    focused?.focus({ preventScroll: true });
  }

  close() {
    post("web_app_close");
  }

  /** The page is seen again after it was away. */
  shownAgain() {
    this.#top?.screen.shownAgain?.();
  }

  /** Sets the client's buttons for the top screen: call it after `main` or `isUnsaved` have changed. */
  refresh() {
    const main = this.#top?.screen.main ?? null;
    const isUnsaved = this.#sheets.some(({ screen }) => screen.isUnsaved);
    const wanted = JSON.stringify([this.#sheets.length > 1, isUnsaved, main]);
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    const hasBack = this.#sheets.length > 1;
    BUTTONS.then(({ showButtons }) => showButtons({ hasBack, main, isUnsaved }));
  }

  /** For a request that was refused: true if the person can do nothing more on this page, and was told so. */
  isOver({ reason }) {
    const isOver = reason === "expired" || reason === "uninvited";
    if (isOver) this.notify(reason);
    return isOver;
  }

  /** Replaces everything by one full-screen word to the person. */
  async notify(kind) {
    const { noticeScreen, texts } = await NOTICES;
    const retry = () => {
      this.context.cast.ask();
      this.open();
    };
    const leave = () => this.close();
    const actions = { empty: retry, offline: retry, failed: retry, expired: leave, uninvited: leave };
    this.#clear();
    const words = texts(this.context.language).notices[kind];
    this.#lay({ element: noticeScreen(kind, words, actions[kind]) });
    say(words.title);
    if (kind === "offline") window.ononline = retry;
  }

  #lay(screen) {
    if (this.#top) {
      Object.assign(this.#top, { scrolled: scrollY, focused: document.activeElement });
      this.#top.screen.element.hidden = true;
    }
    this.#sheets.push({ screen });
    this.stage.append(screen.element);
    scrollTo(0, 0);
    if (this.#hadFocus || this.#sheets.length > 1) this.stage.focus({ preventScroll: true });
    this.#hadFocus = false;
    this.refresh();
  }

  #clear() {
    this.#hadFocus ||= this.stage.contains(document.activeElement);
    for (const { screen } of this.#sheets) screen.closed?.();
    this.#sheets = [];
    this.stage.replaceChildren();
  }
}

/** Loads a screen's style sheet once. */
function styled(href) {
  if (document.querySelector(`link[href="${href}"]`)) return null;
  return new Promise((loaded, failed) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: loaded, onerror: failed });
    document.head.append(link);
  });
}
