// The API key of a service that wants one: asked for once, kept in this browser, sent to this service alone.

const PLACE = "bellwether-api-key";
let asking = null;
let declined = false;

/** The headers of a request. */
export function headers() {
  const key = localStorage.getItem(PLACE);
  return key ? { "x-api-key": key } : {};
}

/** Whether a refused request is worth another try: with a key that was not there when it was sent. */
export function another(sent) {
  const kept = localStorage.getItem(PLACE);
  if (kept && kept !== sent["x-api-key"]) return Promise.resolve(true);
  if (declined) return Promise.resolve(false);
  asking ??= askOnce(Boolean(kept)).finally(() => { asking = null; });
  return asking;
}

/** Ask at the next refusal again. */
export function forgetRefusal() {
  declined = false;
}

function askOnce(refused) {
  const dialog = document.getElementById("key-dialog");
  const field = document.getElementById("key");
  document.getElementById("key-refused").hidden = !refused;
  field.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(keep(dialog.returnValue, field.value.trim())), { once: true });
  });
}

function keep(answer, key) {
  declined = answer !== "keep" || !key;
  if (!declined) localStorage.setItem(PLACE, key);
  return !declined;
}
