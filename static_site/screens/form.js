// The form to make a character, and to edit one.

import { fetchForm, noteNewForm, save } from "../api.js";
import { bubble, named } from "../components/bubble.js";
import { choiceField } from "../components/choice_field.js";
import { field, grow } from "../components/field.js";
import { portraitField } from "../components/portrait_field.js";
import { repeated } from "../components/repeated.js";
import { Draft } from "../drafts.js";
import { element } from "../elements.js";
import { say } from "../status.js";
import { suggested } from "../suggestions.js";
import { personOf } from "../telegram/launch.js";
import { post } from "../telegram/protocol.js";
import { filled } from "../texts/filled.js";
import { TEXTS } from "../texts/form.js";

export const styles = ["styles/form.css"];

const EMPTY = { name: "", tagline: "", description: "", personality: "", first_mes: "", mes_example: "", picture_style: "", voice: "", alternate_greetings: [], tags: [], book: [] };
const REQUIRED = ["name", "description", "first_mes"];
const MAX = { name: 64, tagline: 70, tags: 480, picture_style: 300 };
const MAX_TEXT = 20_000;
const MAX_TAGS = 12;
const ROWS = { description: 4, personality: 3, first_mes: 4, mes_example: 4 };
const HELPED = ["tagline", "description", "personality", "first_mes", "mes_example"];

export function open({ id = null }, router, { cast, language, initData }) {
  return new Form(id, router, cast, TEXTS[language], personOf(initData));
}

class Form {
  #isSaving = false;
  #fields = {};

  constructor(id, router, cast, texts, person) {
    Object.assign(this, { id, router, cast, texts, person, isUnsaved: false });
    this.draft = new Draft(person.id, id);
    this.element = element("form", { class: "form", onsubmit: (event) => event.preventDefault() });
    this.#load();
  }

  get main() {
    if (!this.form) return null;
    const text = this.id ? this.texts.save : this.texts.create;
    return { text, isBusy: this.#isSaving, press: () => this.#save() };
  }

  async #load() {
    const heading = element("h1", { textContent: this.id ? this.texts.editing : this.texts.making });
    this.element.replaceChildren(heading);
    try {
      const { form, avatar_url: url } = this.id ? await fetchForm(this.id) : { form: EMPTY };
      this.stored = form;
      this.face = { id: this.id ?? "new", name: form.name, avatar_url: url };
    } catch (refusal) {
      if (!this.router.isOver(refusal)) say(this.texts.failures[refusal.reason], "bad");
      return;
    }
    const kept = this.draft.read();
    this.form = { ...this.stored, ...kept?.form };
    this.portrait = kept?.portrait ?? null;
    this.draftId = kept?.id ?? crypto.randomUUID();
    if (kept) this.#markUnsaved();
    else if (!this.id) noteNewForm();
    this.#show(heading, kept);
    this.router.refresh();
  }

  #show(heading, kept) {
    const { texts } = this;
    const chosen = (portrait) => (this.portrait = portrait, this.#keep());
    this.face_field = portraitField({ character: this.face, chosen: this.portrait, texts: texts.portrait, changed: chosen });
    this.preview = element("div", { class: "talk", ariaLabel: texts.preview });
    const more = element("details", { open: this.#hasMore() },
      element("summary", { textContent: texts.more }),
      this.#text("mes_example"), this.#text("picture_style"), this.#greetings(), this.#book());
    this.element.replaceChildren(heading,
      kept ? element("div", { class: "kept" }, element("p", { textContent: texts.draftKept }),
        element("button", { type: "button", textContent: texts.startOver, onclick: () => this.#startOver() })) : "",
      this.face_field.element,
      this.#text("name"), this.#text("tagline"), this.#text("description"), this.#text("personality"),
      this.#text("first_mes"), this.preview, this.#voice(), this.#tags(), more);
    this.#showPreview();
    more.ontoggle = () => this.#growAll();
    requestAnimationFrame(() => this.#growAll()); // once it has a width
  }

  #text(name) {
    const { label, hint } = this.texts.fields[name];
    const help = HELPED.includes(name) ? { label: this.texts.help, press: () => this.#help(name) } : null;
    const made = field({
      label, hint, help, max: MAX[name] ?? MAX_TEXT, rows: ROWS[name], value: this.form[name],
      changed: (text) => this.#set(name, text),
    });
    this.#fields[name] = made;
    return made.element;
  }

  /** A brought card may have a voice that is not in the list: it stays, unless another is chosen. */
  #voice() {
    const { label, hint, choices } = this.texts.fields.voice;
    const { voice } = this.form;
    const own = voice in choices ? {} : { [voice]: voice };
    const made = choiceField({ label, hint, choices: { ...choices, ...own }, value: voice, changed: (chosen) => this.#set("voice", chosen) });
    this.#fields.voice = made;
    return made.element;
  }

  #tags() {
    const { label, hint } = this.texts.fields.tags;
    const tagsOf = (text) => text.split(",").map((tag) => tag.trim()).filter(Boolean);
    const made = field({ label, hint, max: MAX.tags, value: this.form.tags.join(", "), changed: (text) => this.#set("tags", tagsOf(text)) });
    this.#fields.tags = made;
    return made.element;
  }

  #greetings() {
    const { label, hint, one, add, remove } = this.texts.fields.alternate_greetings;
    const make = (value, changed) => field({ label: one, max: MAX_TEXT, rows: 3, value, changed });
    return this.#group("alternate_greetings", label, hint, repeated({
      values: this.form.alternate_greetings, blank: () => "", make, texts: { add, remove }, max: 49,
      changed: (values) => this.#set("alternate_greetings", values.filter((value) => value.trim() !== "")),
    }));
  }

  #book() {
    const { label, hint, keys, content, add, remove } = this.texts.fields.book;
    const make = (entry, changed) => {
      const current = { ...entry };
      const change = (part) => changed(Object.assign(current, part));
      const keysOf = (text) => text.split(",").map((key) => key.trim()).filter(Boolean);
      const first = field({ label: keys, max: 500, value: entry.keys.join(", "), changed: (text) => change({ keys: keysOf(text) }) });
      const second = field({ label: content, max: MAX_TEXT, rows: 2, value: entry.content, changed: (text) => change({ content: text }) });
      return { element: element("div", { class: "entry" }, first.element, second.element), input: first.input };
    };
    return this.#group("book", label, hint, repeated({
      values: this.form.book, blank: () => ({ id: null, keys: [], content: "" }), make, texts: { add, remove }, max: 200,
      changed: (values) => this.#set("book", values.filter((entry) => entry.content.trim() !== "")),
    }));
  }

  #group(name, label, hint, list) {
    const error = element("p", { class: "error", hidden: true });
    const made = element("fieldset", {}, element("legend", { textContent: label }), element("p", { class: "hint", textContent: hint }), list, error);
    this.#fields[name] = {
      input: list.querySelector(".add"),
      showError: (words) => Object.assign(error, { textContent: words, hidden: words === "" }),
    };
    return made;
  }

  #hasMore() {
    const { mes_example: examples, picture_style: style, alternate_greetings: greetings, book } = this.form;
    return examples !== "" || style !== "" || greetings.length > 0 || book.length > 0;
  }

  #growAll() {
    for (const input of this.element.querySelectorAll("textarea")) grow(input);
  }

  #set(name, value) {
    this.form = { ...this.form, [name]: value };
    if (name === "first_mes" || name === "name") this.#showPreview();
    this.#keep();
  }

  #showPreview() {
    const { name, first_mes: greeting } = this.form;
    const names = { char: name || this.texts.somebody, user: this.person.first_name ?? "" };
    this.preview.replaceChildren(bubble(greeting.trim() ? named(greeting, names) : this.texts.noGreetingYet));
    this.preview.firstChild.classList.toggle("empty", greeting.trim() === "");
  }

  #keep() {
    const isKept = this.draft.keep({ id: this.draftId, form: this.#changes(), portrait: this.portrait });
    if (!isKept && !this.wasWarned) {
      this.wasWarned = true;
      say(this.texts.draftNotKept, "bad");
    }
    this.#markUnsaved();
  }

  #markUnsaved() {
    this.isUnsaved = true;
    this.router.refresh();
  }

  #startOver() {
    this.draft.forget();
    this.isUnsaved = false;
    this.router.refresh();
    this.#load();
  }

  /** The fields that differ from the stored character: the server keeps the others. */
  #changes() {
    const isChanged = ([name, value]) => JSON.stringify(value) !== JSON.stringify(this.stored[name]);
    return this.id ? Object.fromEntries(Object.entries(this.form).filter(isChanged)) : this.form;
  }

  async #save() {
    if (this.#isSaving || !this.#check()) return;
    this.#setSaving(true);
    say(this.texts.saving);
    try {
      await save({ id: this.id, draft: this.draftId, form: this.#changes(), portrait: this.portrait });
    } catch (refusal) {
      this.#setSaving(false);
      this.#explain(refusal);
      return;
    }
    this.draft.forget();
    this.isUnsaved = false;
    post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: "success" });
    this.cast.watchCheck();
    this.router.back();
    say(filled(this.texts.saved, this.form), "good");
  }

  #setSaving(isSaving) {
    this.#isSaving = isSaving;
    this.router.refresh();
  }

  #check() {
    const wrong = Object.fromEntries(REQUIRED.filter((name) => this.form[name].trim() === "").map((name) => [name, "missing"]));
    if (this.form.tags.length > MAX_TAGS) wrong.tags = "too_many";
    this.#showErrors(wrong);
    return Object.keys(wrong).length === 0;
  }

  #showErrors(wrong) {
    const { errors, fields } = this.texts;
    for (const [name, shown] of Object.entries(this.#fields)) shown.showError(name in wrong ? fields[name].errors?.[wrong[name]] ?? errors[wrong[name]] : "");
    if ("portrait" in wrong) this.face_field.showError(this.texts.portrait.broken);
    const [first] = Object.keys(wrong);
    if (!first) return;
    const input = first === "portrait" ? this.face_field.input : this.#fields[first]?.input;
    input?.closest("details")?.setAttribute("open", "");
    input?.focus();
    post("web_app_trigger_haptic_feedback", { type: "notification", notification_type: "error" });
    say(this.texts.checkFields, "bad");
  }

  #explain(refusal) {
    if (refusal.reason === "invalid" && Object.keys(refusal.details.fields ?? {}).length > 0) return this.#showErrors(refusal.details.fields);
    if (this.router.isOver(refusal)) return null;
    const { whole, failures } = this.texts;
    return say(refusal.reason === "invalid" ? whole[refusal.details.whole] ?? whole.other : failures[refusal.details.error] ?? failures[refusal.reason] ?? failures.failed, "bad");
  }

  async #help(name) {
    const shown = this.#fields[name];
    const before = this.form[name];
    shown.setBusy(true, this.texts.helping);
    const { text, failure } = await suggested(name, this.form);
    shown.setBusy(false, this.texts.help);
    if (text === undefined) return say(this.texts.helpFailures[failure] ?? this.texts.helpFailures.failed, "bad");
    // If the person wrote on meanwhile, their words stay.
    if (this.form[name] !== before) return say(this.texts.helpTooLate);
    shown.set(text);
    shown.input.focus();
    return say(this.texts.helped);
  }
}
