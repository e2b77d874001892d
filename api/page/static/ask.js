// Questions to the API. The same question is asked once, however many panels want the answer.

import { another, headers } from "./key.js";
import { readable } from "./state.js";

const KEPT_MS = 5 * 60 * 1000;
const answers = new Map();

/** What the service said no with, in its own words. */
export class Refused extends Error {}

/** The address of a question, relative to the page, so that it holds below any stage. */
export function address(path, parameters = {}) {
  const query = readable(parameters);
  return query ? `${path}?${query}` : path;
}

/** The answer's body; rejects with Refused. */
export function ask(path, parameters) {
  const url = address(path, parameters);
  const kept = answers.get(url);
  if (kept && performance.now() - kept.at < KEPT_MS) return kept.body;
  const body = bodyOf(url);
  answers.set(url, { at: performance.now(), body });
  body.catch(() => answers.delete(url));
  return body;
}

/** The same answer as a file. With a key kept, the browser alone could not send it. */
export async function save(url, name) {
  const response = await sent(url);
  if (!response.ok) throw new Refused(await words(response));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function bodyOf(url) {
  const response = await sent(url);
  if (!response.ok) throw new Refused(await words(response));
  try {
    return await response.json();
  } catch {
    throw new Refused("The answer came broken. Try again.");
  }
}

async function sent(url) {
  const carried = headers();
  let response;
  try {
    response = await fetch(url, { headers: carried });
  } catch {
    throw new Refused("The service cannot be reached just now. Is it running, and are you online?");
  }
  const lacksKey = response.status === 401 || response.status === 403;
  return lacksKey && (await another(carried)) ? sent(url) : response;
}

async function words(response) {
  const problem = await response.json().catch(() => ({}));
  if (response.status === 401 || response.status === 403) return "This service answers only with an API key.";
  return problem.message ?? `The service answered ${response.status}, without saying why. Try again in a while.`;
}
