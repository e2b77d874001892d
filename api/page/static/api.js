// Requests to the API. Panels that need the same answer share one request.

import { apiKeyHeaders, requestApiKey } from "./api_key.js";
import { fetchInTurn } from "./in_turn.js";
import { queryString } from "./state.js";

const CACHE_MS = 5 * 60 * 1000;
const cache = new Map();

/** A failed request; the message is the service's own where it gave one. */
export class RequestError extends Error {}

/** A URL relative to the page, so that it also works below the stage of a gateway. */
export function buildUrl(path, parameters = {}) {
  const query = queryString(parameters);
  return query ? `${path}?${query}` : path;
}

/** The JSON body of an answer; rejects with RequestError. */
export function getJson(path, parameters) {
  const url = buildUrl(path, parameters);
  const cached = cache.get(url);
  if (cached && performance.now() - cached.at < CACHE_MS) return cached.body;
  // The promise is cached, not the body: panels that ask while the request is under way share it.
  const body = fetchJson(url);
  cache.set(url, { at: performance.now(), body });
  body.catch(() => cache.delete(url));
  return body;
}

/** Download an answer as a file. A plain link cannot send the API key. */
export async function downloadFile(url, filename) {
  const response = await send(url);
  if (!response.ok) throw new RequestError(await errorMessage(response));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = filename;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function fetchJson(url) {
  const response = await send(url);
  if (!response.ok) throw new RequestError(await errorMessage(response));
  try {
    return await response.json();
  } catch {
    throw new RequestError("The answer came broken. Try again.");
  }
}

async function send(url) {
  const headers = apiKeyHeaders();
  let response;
  try {
    response = await fetchInTurn(url, { headers });
  } catch {
    throw new RequestError("The service cannot be reached just now. Is it running, and are you online?");
  }
  return isUnauthorized(response) && (await requestApiKey(headers)) ? send(url) : response;
}

// API Gateway answers 403 to a missing key, other gateways 401.
function isUnauthorized(response) {
  return response.status === 401 || response.status === 403;
}

async function errorMessage(response) {
  const problem = await response.json().catch(() => ({}));
  if (isUnauthorized(response)) return "This service answers only with an API key.";
  return problem.message ?? `The service answered ${response.status}, without saying why. Try again in a while.`;
}
