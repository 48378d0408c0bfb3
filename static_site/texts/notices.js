// The words of the page when it can't show its screen.

const ENGLISH = {
  notOpened: "That did not open. Please try again.",
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
    uninvited: {
      title: "By invitation only",
      body: "This bot is for invited people. Ask the person who runs it for an invitation.",
      action: "Back to the chat",
    },
  },
};

const RUSSIAN = {
  notOpened: "Не открылось. Попробуйте ещё раз.",
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
    uninvited: {
      title: "Только по приглашению",
      body: "Этот бот для приглашённых. Попросите приглашение у владельца бота.",
      action: "Вернуться в чат",
    },
  },
};

export const TEXTS = { en: ENGLISH, ru: RUSSIAN };
