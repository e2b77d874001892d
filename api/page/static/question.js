// The question on screen, by its number. An answer to an earlier one is never shown.

let number = 0;

/** Ask another question. Returns a function that says whether it is still the one on screen. */
export function startQuestion() {
  number += 1;
  const own = number;
  return () => own === number;
}
