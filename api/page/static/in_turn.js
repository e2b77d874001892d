// Requests in turn: a few at once, and again after a while where the service has no room for one more.

// A new AWS account runs ten functions at once, and another visitor needs some of them.
const MOST_AT_ONCE = 5;
const MOST_TRIES = 6;
const FIRST_WAIT_MS = 400;
const waiting = [];
let running = 0;

/**
 * Like fetch. Resolves with the last answer where there is no room at any try.
 * Rejects without a request where `isWanted()` is false when its turn has come.
 */
export async function fetchInTurn(url, options, isWanted = () => true) {
  await turn();
  try {
    if (!isWanted()) throw new Error("no longer wanted");
    return await fetchPatiently(url, options);
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

async function turn() {
  while (running >= MOST_AT_ONCE) await new Promise((resolve) => { waiting.push(resolve); });
  running += 1;
}

async function fetchPatiently(url, options) {
  for (let tries = 1; ; tries += 1) {
    const response = await fetch(url, options);
    if (tries === MOST_TRIES || !(await hasNoRoom(response))) return response;
    // Of random length, so that what was refused together does not come back together.
    await pause(FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + Math.random()));
  }
}

// 429: the gateway's own limits. A function that could not start for want of room is 500 in its words.
async function hasNoRoom(response) {
  if (response.status !== 500) return response.status === 429;
  const problem = await response.clone().json().catch(() => ({}));
  return problem.type === "urn:bellwether:problem:gateway";
}

function pause(milliseconds) {
  return new Promise((resolve) => { setTimeout(resolve, milliseconds); });
}
