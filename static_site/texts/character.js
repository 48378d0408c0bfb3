// The words of a character's page.

const ENGLISH = {
  start: "Start chatting",
  goOn: "Back to the chat",
  choosing: "Calling {name}…",
  chosen: "{name} is waiting for you in the chat.",
  current: "You are talking with this character now",
  greeting: "First words",
  greetingNumber: "Greeting {number} of {count}",
  previous: "Previous greeting",
  next: "Next greeting",
  noGreeting: "{name} waits for you to begin.",
  about: "From the author",
  creator: "Made by {creator}",
  loading: "Loading…",
  notLoaded: "The rest of this page did not load.",
  again: "Try again",
  choiceFailed: {
    offline: "No connection. Try again once you are back online.",
    gone: "{name} has left the cast. Please choose someone else.",
    failed: "That did not work. Please try once more.",
  },
};

const RUSSIAN = {
  start: "Начать разговор",
  goOn: "Вернуться в чат",
  choosing: "Зовём: {name}…",
  chosen: "{name} ждёт вас в чате.",
  current: "Сейчас вы говорите с этим персонажем",
  greeting: "Первые слова",
  greetingNumber: "Приветствие {number} из {count}",
  previous: "Предыдущее приветствие",
  next: "Следующее приветствие",
  noGreeting: "{name} ждёт, когда вы начнёте.",
  about: "От автора",
  creator: "Автор: {creator}",
  loading: "Загружаем…",
  notLoaded: "Остальное на этой странице не загрузилось.",
  again: "Повторить",
  choiceFailed: {
    offline: "Нет связи. Попробуйте ещё раз, когда интернет появится.",
    gone: "{name} больше не в труппе. Выберите, пожалуйста, кого-нибудь другого.",
    failed: "Не получилось. Попробуйте ещё раз.",
  },
};

export const TEXTS = { en: ENGLISH, ru: RUSSIAN };
