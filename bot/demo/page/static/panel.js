// What the bot keeps in its books: alerts, placements, moments, tasks, outbox, and how many messages came in.

import { el, fill } from "./dom.js";
import { date, excerpt, full, short } from "./words.js";

const badge = (word, label) => el("span", { class: `badge ${word}`, text: label });
const dotted = (...parts) => parts.filter(Boolean).join(" · ");
const small = (text) => el("p", { class: "small", text });

export function showPanel(page, books) {
  fill(page.alerts, books.alerts, drawAlert, "Nog geen meldingen.");
  fill(page.placements, books.placements, drawPlacement, "Nog geen plaatsing.");
  fill(page.moments, books.moments, drawMoment, "Nog geen contactmomenten.");
  fill(page.tasks, books.tasks, drawTask, "Nog geen taken.");
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
    small(dotted(moment.person, moment.kind_label, moment.title)),
    moment.reason_label && small(`Waarom: ${moment.reason_label}`),
  );
}

function drawTask(task) {
  return el(
    "li",
    { "data-state": task.state },
    el("p", { class: "line" }, el("strong", { text: short(new Date(task.due_at)) }), badge(task.state, task.state_label)),
    small(dotted(`${task.coach} met ${task.person}`, task.kind_label)),
  );
}

function drawPlacement(one) {
  const until = one.contract_end && `contract tot ${date(new Date(one.contract_end))}`;
  return el(
    "li",
    { "data-state": one.state },
    el("p", { class: "line" }, el("strong", { text: one.person }), badge(one.state, one.state_label)),
    el("p", { text: dotted(one.track_label, one.company, one.employer && `met ${one.employer}`) }),
    one.handover && small(one.handover_label),
    small(dotted(one.hours && `${one.hours} uur per week`, `vanaf ${date(new Date(one.started_on))}`, until)),
  );
}

function drawOutbound(row) {
  return el(
    "li",
    { "data-state": row.state },
    el("p", { class: "line" }, el("span", { text: `Aan ${row.to}` }), badge(row.state, row.state_label)),
    small(dotted(row.media_label, row.text && `“${excerpt(row.text, 80)}”`, row.reason_label)),
  );
}
