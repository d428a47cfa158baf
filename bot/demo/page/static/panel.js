// What the bot keeps in its books: alerts, moments, outbox, and how many messages came in.

import { el, fill } from "./dom.js";
import { excerpt, full, short } from "./words.js";

const badge = (word, label) => el("span", { class: `badge ${word}`, text: label });
const small = (text) => el("p", { class: "small", text });

export function showPanel(page, books) {
  fill(page.alerts, books.alerts, drawAlert, "Nog geen meldingen.");
  fill(page.moments, books.moments, drawMoment, "Nog geen contactmomenten.");
  fill(page.outbox, books.outbox.slice(0, 12), drawOutbound, "Nog niets verstuurd.");
  showClock(page.now, books.now);
  const { done, new: waiting, apart } = books.inbox;
  setText(page.inbox, `Berichten binnen: ${done} klaar, ${waiting} wachten, ${apart} mislukt`);
}

function showClock(node, now) {
  const at = new Date(now);
  node.dateTime = now;
  setText(node, full(at));
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function drawAlert(alert) {
  return el(
    "li",
    { "data-state": alert.state },
    el(
      "p",
      { class: "line" },
      el("strong", { text: alert.participant }),
      badge(alert.state, alert.state_label),
      badge(alert.level, alert.level_label),
    ),
    ...alert.reasons.map((reason) => el("p", { text: reason })),
    small(`Voor ${alert.coach} · ${alert.topic_label} · ${short(new Date(alert.raised_at))}`),
  );
}

function drawMoment(moment) {
  const [word, label] = moment.outcome ? [moment.outcome, moment.outcome_label] : [moment.state, moment.state_label];
  return el(
    "li",
    { "data-state": moment.state, "data-outcome": moment.outcome ?? "" },
    el("p", { class: "line" }, el("strong", { text: short(new Date(moment.due_at)) }), badge(word, label)),
    small([moment.person, moment.title, moment.reason_label].filter(Boolean).join(" · ")),
  );
}

function drawOutbound(row) {
  return el(
    "li",
    { "data-state": row.state },
    el("p", { class: "line" }, el("span", { text: `Aan ${row.to}` }), badge(row.state, row.state_label)),
    small([row.media_label, row.text && `“${excerpt(row.text, 80)}”`, row.reason_label].filter(Boolean).join(" · ")),
  );
}
