// Work for what is far down the page waits until the reader comes near it.

const MARGIN = "300px";
const waiting = new WeakMap(); // element → what to do
const observer = new IntersectionObserver((entries) => {
  for (const { target } of entries.filter((entry) => entry.isIntersecting)) {
    observer.unobserve(target);
    waiting.get(target)?.();
    waiting.delete(target);
  }
}, { rootMargin: MARGIN });

/** Call `work` when `target` comes near the screen, in place of earlier work for it. */
export function whenNear(target, work) {
  observer.unobserve(target);
  waiting.set(target, work);
  observer.observe(target);
}
