// Small helpers for making elements. Text only ever enters the page as text.

export function el(tag, { text, on = {}, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  for (const [event, handler] of Object.entries(on)) node.addEventListener(event, handler);
  if (text != null) node.textContent = text;
  node.append(...children.filter(Boolean));
  return node;
}

export const unseen = (text) => el("span", { class: "unseen", text });

// Shows rows in a list, touching only what changed, so that nothing flickers and focus stays where it is.
// `rows` have an `id`; `draw(row)` makes the element.
export function fill(list, rows, draw, nothing) {
  const had = new Map([...list.children].map((node) => [node.dataset.id, node]));
  const wanted = rows.length ? rows : [{ id: "none" }];
  wanted.forEach((row, at) => {
    const looks = JSON.stringify(row);
    let node = had.get(String(row.id));
    had.delete(String(row.id));
    if (!node || node.looks !== looks) {
      const fresh = rows.length ? draw(row) : el("li", { class: "nothing", text: nothing });
      fresh.dataset.id = row.id;
      fresh.looks = looks;
      node?.replaceWith(fresh);
      node = fresh;
    }
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] ?? null);
  });
  had.forEach((node) => node.remove());
}
