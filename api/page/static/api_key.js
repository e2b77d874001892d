// The API key of a service that requires one. The dialog asks once; the key stays in this browser's local storage.

import { byId } from "./dom.js";

const STORAGE_KEY = "bellwether-api-key";
let pending = null;
let declined = false;

/** The headers that carry the stored key. */
export function apiKeyHeaders() {
  const key = localStorage.getItem(STORAGE_KEY);
  return key ? { "x-api-key": key } : {};
}

/** Whether an unauthorized request is worth repeating: true if there is a key now that `sentHeaders` did not carry. */
export function requestApiKey(sentHeaders) {
  const key = localStorage.getItem(STORAGE_KEY);
  if (key && key !== sentHeaders["x-api-key"]) return Promise.resolve(true);
  if (declined) return Promise.resolve(false);
  // All panels are refused at the same time; they share one dialog.
  pending ??= showDialog(Boolean(key)).finally(() => { pending = null; });
  return pending;
}

/** Show the dialog again at the next unauthorized request, although it was declined before. */
export function resetDeclined() {
  declined = false;
}

function showDialog(keyWasRefused) {
  const dialog = byId("key-dialog");
  const field = byId("key");
  byId("key-refused").hidden = !keyWasRefused;
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(store(dialog.returnValue, field.value.trim())), { once: true });
  });
}

function store(button, key) {
  declined = button !== "save" || !key;
  if (!declined) localStorage.setItem(STORAGE_KEY, key);
  return !declined;
}
