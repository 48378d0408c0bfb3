// The words of the list.

const ENGLISH = {
  title: "Who would you like to talk to?",
  loading: "The cast is getting ready…",
  current: "You are talking with this character now",
  search: "Search by name or subject",
  clear: "Clear",
  tags: "Subjects",
  recent: "Recent",
  yours: "Yours",
  make: "Create a character",
  goOnMaking: "Continue your draft",
  unchecked: "Being checked",
  all: "Everyone",
  found: "Found: {count}",
  nobody: "Nobody like that yet",
  nobodyBody: "Try another word or fewer subjects.",
};

const RUSSIAN = {
  title: "С кем хотите поговорить?",
  loading: "Труппа готовится к выходу…",
  current: "Сейчас вы говорите с этим персонажем",
  search: "Поиск по имени или теме",
  clear: "Очистить",
  tags: "Темы",
  recent: "Недавние",
  yours: "Ваши",
  make: "Создать персонажа",
  goOnMaking: "Продолжить черновик",
  unchecked: "На проверке",
  all: "Все",
  found: "Найдено: {count}",
  nobody: "Таких пока нет",
  nobodyBody: "Попробуйте другое слово или меньше тем.",
};

export const TEXTS = { en: ENGLISH, ru: RUSSIAN };
