// The dialog to choose a known person, or to create one.
import { element, fillAvatar } from "./elements.js";
import { t } from "./texts.js";

const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export function showPerson(person) {
  fillAvatar(document.getElementById("person-avatar"), person.id, person.first_name);
  document.getElementById("person-name").textContent = fullName(person);
}

export function choosePerson(people, current, enter) {
  const dialog = document.getElementById("people");
  const become = (person) => (dialog.close(), enter(person));
  const list = element("div", { className: "people-list" }, ...people.map((person) => row(person, current, become)));
  dialog.replaceChildren(element("h2", { text: t("people") }), list, newPerson(people, become));
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  dialog.showModal();
}

function row(person, current, become) {
  const avatar = element("span", { className: "avatar small" });
  fillAvatar(avatar, person.id, person.first_name);
  const known = [person.username && `@${person.username}`, person.language_code, person.id].filter(Boolean).join(" · ");
  return element("button", {
    type: "button", className: "person", ariaCurrent: person.id === current ? "true" : "false",
    onclick: () => become({ id: person.id }),
  }, avatar, element("span", {}, element("strong", { text: fullName(person) }), element("small", { text: known })));
}

function newPerson(people, become) {
  const field = (name, words, properties = {}) =>
    element("label", {}, words, element("input", { name, autocomplete: "off", maxLength: 64, ...properties }));
  const optional = { placeholder: t("optional") };
  const freeId = Math.max(1000, ...people.map(({ id }) => id)) + 1;
  const language = element("select", { name: "language_code" },
    element("option", { value: "en", text: "English" }), element("option", { value: "ru", text: "Русский" }));
  language.value = document.documentElement.lang;
  const form = element("form", {},
    field("first_name", t("firstName"), { required: true }), field("last_name", t("lastName"), optional),
    field("username", t("username"), { pattern: "[A-Za-z]\\w{3,31}", ...optional }),
    element("label", {}, t("language"), language),
    field("id", t("id"), { type: "number", min: 1, max: 2 ** 52, required: true, value: freeId }),
    element("button", { className: "primary", text: t("enter") }));
  form.onsubmit = (event) => {
    event.preventDefault();
    const entered = Object.fromEntries(new FormData(form));
    become({ ...entered, id: Number(entered.id) });
  };
  return element("details", {}, element("summary", { text: t("create") }), form);
}
