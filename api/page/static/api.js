// Requests to the API. Panels that need the same answer share one request.

import { apiKeyHeaders, requestApiKey } from "./api_key.js";
import { fetchInTurn } from "./in_turn.js";
import { queryString } from "./state.js";

const CACHE_MS = 5 * 60 * 1000;
const cache = new Map();

/** A failed request; the message is the service's own where it gave one, and `problem` its whole body. */
export class RequestError extends Error {
  constructor(message, problem = {}) {
    super(message);
    this.problem = problem;
  }

  /** Whether the same request may succeed later: nothing in it has to be changed. */
  get passing() {
    return !this.problem.parameter;
  }
}

/** A URL relative to the page, so that it also works below the stage of a gateway. */
export function buildUrl(path, parameters = {}) {
  const query = queryString(parameters);
  return query ? `${path}?${query}` : path;
}

/**
 * The JSON body of an answer; rejects with RequestError.
 * A request that waits for its turn is given up when `isWanted()` is false: the reader has asked for something else.
 */
export function getJson(path, parameters, isWanted = () => true) {
  const url = buildUrl(path, parameters);
  const cached = cache.get(url);
  if (cached && performance.now() - cached.at < CACHE_MS) {
    cached.isWanted = isWanted; // the newest question decides
    return cached.body;
  }
  const entry = { at: performance.now(), isWanted };
  // The promise is cached, not the body: panels that ask while the request is under way share it.
  entry.body = fetchJson(url, () => entry.isWanted());
  cache.set(url, entry);
  entry.body.catch(() => cache.delete(url));
  return entry.body;
}

/** Download an answer as a file. A plain link cannot send the API key. */
export async function downloadFile(url, filename) {
  const response = await send(url);
  if (!response.ok) throw await requestError(response);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = filename;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function fetchJson(url, isWanted) {
  const response = await send(url, isWanted);
  if (!response.ok) throw await requestError(response);
  try {
    return await response.json();
  } catch {
    throw new RequestError("The answer could not be read. Try again.");
  }
}

async function send(url, isWanted) {
  const headers = apiKeyHeaders();
  let response;
  try {
    response = await fetchInTurn(url, { headers }, isWanted);
  } catch {
    throw new RequestError("The service cannot be reached. Check that it is running and that you are online.");
  }
  return isUnauthorized(response) && (await requestApiKey(headers)) ? send(url, isWanted) : response;
}

// API Gateway answers 403 to a missing key, other gateways 401.
function isUnauthorized(response) {
  return response.status === 401 || response.status === 403;
}

async function requestError(response) {
  const problem = await response.json().catch(() => ({}));
  if (isUnauthorized(response)) return new RequestError("This service needs an API key.");
  const unknown = `The service answered with status ${response.status} and no reason. Try again in a minute.`;
  return new RequestError(problem.message ?? unknown, problem);
}
