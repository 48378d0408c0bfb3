// One line of words at the foot of the page, which a screen reader reads aloud.

/** @param tone "quiet" is heard by a screen reader and not seen; "good" and "bad" are seen too */
export function say(words, tone = "quiet") {
  const status = document.getElementById("status");
  status.dataset.tone = tone;
  status.textContent = words;
}
