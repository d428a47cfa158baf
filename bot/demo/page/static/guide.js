// The story in six steps. A step is ticked when the books or the phones show that it happened.

import { el, fill, unseen } from "./dom.js";

const STEPS = [
  {
    where: "coach",
    text: ({ coach }) => `${coach} opent de uitnodiging.`,
    done: ({ coach }) => coach.joined,
  },
  {
    where: "participant",
    text: ({ participant }) => `${participant} opent de uitnodiging en tikt op ja.`,
    done: ({ participant, books }) => participant.joined && books.moments.length > 0,
  },
  {
    where: "clock",
    text: () => "Zet de klok op het volgende contactmoment.",
    done: ({ books }) => books.moments.some((moment) => moment.outcome === "fired"),
  },
  {
    where: "participant",
    text: ({ participant }) => `${participant} antwoordt: “Niet zo goed”, en maakt de vragen af.`,
    done: ({ books }) => books.alerts.length > 0,
  },
  {
    where: "coach",
    text: ({ coach }) => `${coach} ziet een melding, bekijkt die en antwoordt.`,
    done: ({ books }) => books.alerts.some((alert) => alert.answered_at),
  },
  {
    where: "participant",
    text: ({ participant, coach }) => `${participant} leest wat ${coach} schrijft.`,
    done: ({ coach, participant, said }) => said(participant).some((text) => text.startsWith(`${coach.name}: `)),
  },
];

const PLACES = { coach: "#phone-coach", participant: "#phone-participant", clock: "#clock" };

export function showGuide(list, state) {
  const names = { coach: state.coach.name, participant: state.participant.name };
  const done = STEPS.map((step) => Boolean(step.done(state)));
  const current = done.indexOf(false);
  const rows = STEPS.map((step, at) => ({
    id: at + 1,
    text: step.text(names),
    href: PLACES[step.where],
    done: done[at],
    current: at === current,
  }));
  fill(list, rows, draw);
}

function draw({ id, text, href, done, current }) {
  const link = el("a", { href, text });
  if (done) link.append(unseen(" (gedaan)"));
  const number = el("span", { class: "number", "aria-hidden": "true", text: done ? "✓" : id });
  return el(
    "li",
    { class: done ? "done" : current ? "current" : "", "data-testid": `guide-${id}`, "aria-current": current && "step" },
    number,
    link,
  );
}
