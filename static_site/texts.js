// Every word of the picker. `{name}` stands for a character's name, always in the nominative.

const ENGLISH = {
  title: "Who would you like to talk to?",
  lead: "Each of them remembers your conversation. Come back to anyone, any time.",
  loading: "The cast is getting ready…",
  current: "You are talking with this character now",
  choosing: "Calling {name}…",
  chosen: "{name} is waiting for you in the chat.",
  choiceFailed: {
    offline: "No connection. Tap {name} again once you are back online.",
    gone: "{name} has left the cast. Please choose someone else.",
    failed: "That did not work. Please tap {name} once more.",
  },
  notices: {
    empty: {
      title: "Nobody on stage yet",
      body: "The cast is still on its way. Look in again in a little while.",
      action: "Look again",
    },
    offline: {
      title: "No connection",
      body: "Check your internet. The cast will appear as soon as you are back online.",
      action: "Try again",
    },
    failed: {
      title: "The curtain is stuck",
      body: "We could not load the cast, and it is not your fault. Please try again in a moment.",
      action: "Try again",
    },
    outside: {
      title: "Troupe lives in Telegram",
      body: "Open the chat with the bot in Telegram, send /menu and tap the button under its reply.",
    },
    expired: {
      title: "Please open the cast again",
      body: "This page’s pass from Telegram has expired. Go back to the chat and send /menu to get a fresh one.",
      action: "Back to the chat",
    },
  },
};

const RUSSIAN = {
  title: "С кем хотите поговорить?",
  lead: "Каждый помнит ваш разговор. Возвращайтесь к любому, когда захочется.",
  loading: "Труппа готовится к выходу…",
  current: "Сейчас вы говорите с этим персонажем",
  choosing: "Зовём: {name}…",
  chosen: "{name} ждёт вас в чате.",
  choiceFailed: {
    offline: "Нет связи. Когда интернет появится, выберите ещё раз: {name}.",
    gone: "{name} больше не в труппе. Выберите, пожалуйста, кого-нибудь другого.",
    failed: "Не получилось. Попробуйте выбрать ещё раз: {name}.",
  },
  notices: {
    empty: {
      title: "На сцене пока никого",
      body: "Труппа ещё в пути. Загляните чуть позже.",
      action: "Проверить ещё раз",
    },
    offline: {
      title: "Нет связи",
      body: "Проверьте интернет. Труппа появится, как только связь вернётся.",
      action: "Повторить",
    },
    failed: {
      title: "Занавес заело",
      body: "Не удалось показать труппу, и вы тут ни при чём. Попробуйте ещё раз через минуту.",
      action: "Повторить",
    },
    outside: {
      title: "Труппа живёт в Telegram",
      body: "Откройте чат с ботом в Telegram, отправьте /menu и нажмите кнопку под ответом.",
    },
    expired: {
      title: "Откройте список заново",
      body: "Пропуск Telegram для этой страницы истёк. Вернитесь в чат и отправьте /menu, чтобы получить новый.",
      action: "Вернуться в чат",
    },
  },
};

/** @returns {"en" | "ru"} the person's language in Telegram, else the browser's */
export function languageOf(initData) {
  return /^ru([-_]|$)/i.test(telegramLanguage(initData) ?? navigator.language) ? "ru" : "en";
}

function telegramLanguage(initData) {
  try {
    return JSON.parse(new URLSearchParams(initData).get("user")).language_code;
  } catch {
    return undefined; // no user in it: the server refuses such init data, the page only needs some language
  }
}

export function textsIn(language) {
  return language === "ru" ? RUSSIAN : ENGLISH;
}

export function named(text, name) {
  return text.replace("{name}", () => name);
}
