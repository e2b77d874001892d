// Work for what is far down the page waits until the reader comes near it, or wants all of it.

const MARGIN = "300px";
const waiting = new Map(); // element → what to do
const observer = new IntersectionObserver((entries) => {
  for (const { target } of entries.filter((entry) => entry.isIntersecting)) start(target);
}, { rootMargin: MARGIN });

/** Call `work` when `target` comes near the screen, in place of earlier work for it. */
export function whenNear(target, work) {
  observer.unobserve(target);
  waiting.set(target, work);
  observer.observe(target);
}

/** Whether anything still waits for the reader. */
export function anythingWaits() {
  return waiting.size > 0;
}

/** Start all that waits, wherever it is. Resolves when it has ended. */
export function startAll() {
  return Promise.allSettled([...waiting.keys()].map(start));
}

function start(target) {
  const work = waiting.get(target);
  observer.unobserve(target);
  waiting.delete(target);
  return work?.();
}
