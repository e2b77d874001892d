// DOM helpers.

/** An element with attributes and children. An attribute that is null, undefined or false is left out. */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

export function byId(id) {
  return document.getElementById(id);
}
