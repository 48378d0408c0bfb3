// The page's own texts, in the person's language.
const TEXTS = {
  en: {
    bot: "bot", typing: "typing", thinking: "Thinking", stop: "Stop", message: "Message", send: "Send", save: "Save",
    start: "Start", restart: "Restart bot", edited: "edited", menu: "Menu", attach: "Attach",
    sticker: "Sticker", voice: "Voice message", play: "Play", pause: "Pause", recording: "recording a voice message",
    record: "Record a voice message", noSound: "Nothing was recorded.",
    noMicrophone: "There is no microphone, or this page may not use it.",
    forbidVoice: "Forbid voice messages", allowVoice: "Allow voice messages", photo: "Photo", document: "File", photoCaption: "Where is this?",
    today: "Today", yesterday: "Yesterday", edit: "Edit", reply: "Reply", copy: "Copy text", editing: "Edit message",
    cancel: "Cancel", more: "More actions", block: "Stop and block bot", unblock: "Unblock bot",
    light: "Light theme", dark: "Dark theme", events: "Product events", noEvents: "Nothing yet: start the chat.",
    close: "Close", back: "Back", miniApp: "mini app", people: "Who are you?", create: "Someone else",
    firstName: "First name", lastName: "Last name", username: "Username", language: "Language", id: "User ID",
    enter: "Enter", ok: "OK", what: "What can this bot do?", reconnecting: "Connecting…", toBottom: "Scroll to bottom",
    leave: "Close this app? Changes you made may not be saved.", sending: "Sending", sent: "Sent", read: "Read",
    optional: "optional", you: "You", album: "Album", location: "Live location", move: "Move location",
    file: "From this computer…", asFile: "Send as a file", asPhoto: "Send as a photo",
    forward: "Forward", forwardedFrom: "Forwarded from", quote: "Reply with quote",
  },
  ru: {
    bot: "бот", typing: "печатает", thinking: "Думает", stop: "Остановить", message: "Сообщение", send: "Отправить",
    save: "Сохранить",
    start: "Начать", restart: "Перезапустить бота", edited: "изменено", menu: "Меню", attach: "Прикрепить",
    sticker: "Стикер", voice: "Голосовое сообщение", play: "Слушать", pause: "Пауза", recording: "записывает голосовое",
    record: "Записать голосовое", noSound: "Ничего не записалось.",
    noMicrophone: "Микрофона нет, или у страницы нет к нему доступа.",
    forbidVoice: "Запретить голосовые", allowVoice: "Разрешить голосовые", photo: "Фото", document: "Файл", photoCaption: "Где это?",
    today: "Сегодня", yesterday: "Вчера", edit: "Изменить", reply: "Ответить", copy: "Копировать текст",
    editing: "Редактирование", cancel: "Отмена", more: "Другие действия", block: "Остановить и заблокировать",
    unblock: "Разблокировать", light: "Светлая тема", dark: "Тёмная тема", events: "События продукта",
    noEvents: "Пока пусто: начните чат.", close: "Закрыть", back: "Назад", miniApp: "мини-приложение",
    people: "Кто вы?", create: "Кто-то ещё", firstName: "Имя", lastName: "Фамилия", username: "Имя пользователя",
    language: "Язык", id: "ID пользователя", enter: "Войти", ok: "ОК", what: "Что умеет этот бот?",
    reconnecting: "Соединение…", toBottom: "Вниз",
    leave: "Закрыть приложение? Изменения могут не сохраниться.", sending: "Отправляется", sent: "Отправлено",
    read: "Прочитано", optional: "необязательно", you: "Вы", album: "Альбом", location: "Трансляция геопозиции",
    file: "С этого компьютера…", asFile: "Отправить файлом", asPhoto: "Отправить как фото",
    move: "Сдвинуть геопозицию", forward: "Переслать", forwardedFrom: "Переслано от", quote: "Ответить с цитатой",
  },
};

let language = "en";

export function speak(code) {
  language = (code ?? "").startsWith("ru") ? "ru" : "en";
  document.documentElement.lang = language;
}

export const t = (key) => TEXTS[language][key];

export const clock = (seconds) =>
  new Date(seconds * 1000).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hour12: false });

export function day(seconds) {
  const date = new Date(seconds * 1000);
  const daysAgo = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (daysAgo === 0) return t("today");
  if (daysAgo === 1) return t("yesterday");
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" };
  return date.toLocaleDateString(language, { day: "numeric", month: "long", ...year });
}
