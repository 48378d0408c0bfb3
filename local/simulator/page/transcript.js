// The list of messages, by day: adds, edits and removes messages, shows the bot's draft, and keeps the scroll position.
import { element, icon, label } from "./elements.js";
import { renderText } from "./entities.js";
import { renderMessage } from "./message.js";
import { clock, day, t } from "./texts.js";

const NEAR_BOTTOM = 120;
const GROUP_SECONDS = 600;

export class Transcript {
  constructor({ scroller, list, toBottom, on }) {
    Object.assign(this, { scroller, list, toBottom, on, messages: [], unread: new Set(), personId: 0 });
    scroller.onscroll = () => { toBottom.hidden = this.atBottom(); };
    toBottom.onclick = () => this.scrollDown(true);
    new ResizeObserver(() => { if (this.sticky) this.scrollDown(); }).observe(scroller);
    scroller.addEventListener("scroll", () => { this.sticky = this.atBottom(); });
  }

  show({ person, messages, unread, bot }) {
    Object.assign(this, { personId: person.id, messages, unread: new Set(unread), bot });
    label(this.toBottom, "down", t("toBottom"));
    this.endDraft();
    this.render();
    this.scrollDown();
  }

  add(message) {
    const stay = this.sticky || this.own(message);
    this.messages.push(message);
    if (this.own(message)) this.unread.add(message.message_id);
    else this.endDraft();
    const before = this.messages.at(-2);
    const made = this.renderOne(message);
    made.classList.add("fresh");
    if (!before || day(before.date) !== day(message.date)) this.list.append(daySeparator(message));
    this.list.querySelector(".description")?.remove();
    this.list.append(made);
    if (this.draft) this.list.append(this.draft);
    this.group();
    if (stay) this.scrollDown();
  }

  edit(message) {
    const at = this.messages.findIndex((each) => each.message_id === message.message_id);
    if (at < 0) return;
    this.messages[at] = message;
    this.find(message.message_id)?.replaceWith(this.renderOne(message));
    this.group();
    if (this.sticky) this.scrollDown();
  }

  remove(ids) {
    this.messages = this.messages.filter((message) => !ids.includes(message.message_id));
    this.render();
  }

  markRead(id) {
    this.unread.delete(id);
    const message = this.messages.find((each) => each.message_id === id);
    if (message) this.edit(message);
  }

  showDraft({ text, entities, can_stop }, seconds) {
    if (!this.draft) {
      this.draft = element("article", { className: "message draft fresh" });
      this.list.append(this.draft);
    }
    const words = text
      ? element("div", { className: "text" }, renderText(text, entities, this.on.follow))
      : element("div", { className: "text thinking", text: `${t("thinking")}…` });
    const time = element("time", { text: clock(Date.now() / 1000) });
    const bubble = element("div", { className: "bubble" }, words, element("span", { className: "meta" }, time));
    const stack = element("div", { className: "stack" }, bubble);
    if (can_stop) stack.append(element("button", { className: "stop", text: t("stop"), onclick: this.on.stop }));
    this.draft.replaceChildren(stack);
    this.group();
    if (this.sticky) this.scrollDown();
    clearTimeout(this.draftEnds);
    this.draftEnds = setTimeout(() => this.endDraft(), seconds * 1000);
  }

  endDraft() {
    clearTimeout(this.draftEnds);
    this.draft?.remove();
    this.draft = null;
  }

  lastOwnText() {
    return this.messages.findLast((message) => this.own(message) && message.text !== undefined);
  }

  own(message) {
    return message.from.id === this.personId;
  }

  find(id) {
    return this.list.querySelector(`.message[data-id="${id}"]`);
  }

  buttonAt(messageId, row, column) {
    return this.find(messageId)?.querySelector(`.inline-button[data-row="${row}"][data-column="${column}"]`);
  }

  render() {
    this.list.replaceChildren();
    if (!this.messages.length) this.list.append(description(this.bot));
    let shown = null;
    for (const message of this.messages) {
      if (day(message.date) !== shown) this.list.append(daySeparator(message));
      shown = day(message.date);
      this.list.append(this.renderOne(message));
    }
    this.group();
  }

  renderOne(message) {
    const own = this.own(message);
    return renderMessage(message, { own, unread: this.unread.has(message.message_id), on: this.on });
  }

  // Joins neighbouring messages of one author within GROUP_SECONDS; the last of them has the tail.
  group() {
    const shown = [...this.list.querySelectorAll(".message")];
    const of = (node) => this.messages.find((each) => String(each.message_id) === node.dataset.id);
    shown.forEach((node, index) => {
      const next = shown[index + 1];
      const [here, there] = [of(node), next && of(next)];
      const near = !here || !there || there.date - here.date < GROUP_SECONDS;
      const joined = next?.previousElementSibling === node && near
        && next.classList.contains("own") === node.classList.contains("own");
      node.classList.toggle("last", !joined);
      next?.classList.toggle("joined", joined);
    });
  }

  atBottom() {
    return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR_BOTTOM;
  }

  scrollDown(smooth = false) {
    this.sticky = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }
}

const daySeparator = (message) =>
  element("div", { className: "day" }, element("span", { text: day(message.date) }));

function description(bot) {
  const words = bot.description ? [element("strong", { text: t("what") }), element("p", { text: bot.description })]
    : [icon("masks"), element("p", { text: bot.name })];
  return element("div", { className: "description" }, ...words);
}
