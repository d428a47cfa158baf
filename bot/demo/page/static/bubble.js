// One message in a chat. Redrawn in place when the bot edits it.

import { file } from "./chats.js";
import { el, unseen } from "./dom.js";
import { excerpt, hour } from "./words.js";

export const summary = (message) => excerpt(message.text || message.fileName || KINDS[message.kind] || "bericht");

const KINDS = { voice: "spraakbericht", photo: "foto", document: "bestand", sticker: "sticker", other: "bericht" };

// `acts` are the phone's own: tap(message, button), reply(message), scanners(message): the names of who can scan it,
// scan(message, name).
export function drawBubble(message, quoted, acts) {
  const node = el("div", { class: "message", "data-testid": "message", tabindex: "-1" });
  redrawBubble(node, message, quoted, acts);
  return node;
}

export function redrawBubble(node, message, quoted, acts) {
  const looks = JSON.stringify([message, quoted && summary(quoted), acts.scanners(message)]);
  if (node.looks === looks) return;
  const hadFocus = node.contains(document.activeElement);
  node.looks = looks;
  node.dataset.id = message.id;
  node.classList.toggle("own", message.own);
  node.replaceChildren(...inside(message, quoted, acts));
  if (hadFocus) node.focus({ preventScroll: true });
}

function inside(message, quoted, acts) {
  const body = el(
    "div",
    { class: "bubble" },
    unseen(message.own ? "Jij: " : "Achterdehand: "),
    quoted && el("p", { class: "quote", dir: "auto", text: summary(quoted) }),
    media(message),
    message.text && el("p", { class: "text", dir: "auto", text: message.text }),
    meta(message),
  );
  const reply = el(
    "button",
    { type: "button", class: "reply", "data-testid": "reply", title: "Antwoord", on: { click: () => acts.reply(message) } },
    el("span", { "aria-hidden": "true", text: "↩" }),
    unseen(`Antwoord op: ${summary(message)}`),
  );
  const below = [message.rows.length && keys(message, acts), acts.scanners(message).length && scans(message, acts)];
  return [el("div", { class: "beside" }, body, reply), ...below.filter(Boolean)];
}

function meta(message) {
  const at = new Date(message.at);
  return el(
    "p",
    { class: "meta" },
    message.edited && el("span", { text: "bijgewerkt " }),
    el("time", { datetime: message.at, text: hour(at) }),
  );
}

function media(message) {
  if (message.kind === "photo") return photo(message);
  if (message.kind === "voice") return voice(message);
  if (message.kind === "document") return attached(message);
  return message.kind === "text" ? null : el("p", { class: "kind", text: KINDS[message.kind] ?? KINDS.other });
}

function photo(message) {
  const image = el("img", { class: "photo", alt: message.text ? "" : "Foto" });
  file(message.file).then((source) => (image.src = source), () => (image.alt = "Foto, niet te laden"));
  return image;
}

function attached(message) {
  const link = el("a", { class: "file", "data-testid": "file", download: message.fileName, text: message.fileName });
  file(message.file).then((source) => (link.href = source), () => link.append(" (niet te laden)"));
  link.prepend(el("span", { "aria-hidden": "true", text: "↓ " }), unseen("Bewaar het bestand "));
  return el("p", {}, link);
}

function voice(message) {
  const play = async () => {
    const sound = new Audio(await file(message.file));
    await sound.play().catch(() => {}); // a browser without sound: the bubble itself is what counts
  };
  return el(
    "p",
    { class: "voice" },
    el(
      "button",
      { type: "button", "data-testid": "play", on: { click: play } },
      el("span", { "aria-hidden": "true", text: "▶" }),
      unseen("Speel het spraakbericht af"),
    ),
    el("span", { class: "wave", "aria-hidden": "true" }),
    el("span", { text: "0:03" }),
  );
}

// What another phone's camera does in life.
function scans(message, acts) {
  const scan = (name) =>
    el("button", {
      type: "button",
      class: "key scan",
      "data-testid": "scan",
      text: `Scan met telefoon van ${name}`,
      on: { click: () => acts.scan(message, name) },
    });
  const rows = acts.scanners(message).map((name) => el("div", { class: "row" }, scan(name)));
  return el("div", { class: "keys", role: "group", "aria-label": "De code scannen" }, ...rows);
}

function keys(message, acts) {
  const key = (button) =>
    button.url
      ? el("a", { class: "key", href: button.url, rel: "noreferrer", target: "_blank", text: button.label })
      : el("button", {
          type: "button",
          class: "key",
          "data-testid": "key",
          text: button.label,
          on: { click: (event) => acts.tap(message, button, event.currentTarget) },
        });
  const rows = message.rows.map((row) => el("div", { class: "row" }, ...row.map(key)));
  return el("div", { class: "keys", role: "group", "aria-label": "Knoppen bij dit bericht" }, ...rows);
}
