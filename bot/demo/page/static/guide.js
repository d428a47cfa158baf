// The story in two parts. A step is ticked when the books or the phones show that it happened.

import { el, fill, unseen } from "./dom.js";

const agreed = (books, ...states) => books.placements.some(({ handover }) => states.includes(handover));

// `type`: words that a press on the step puts ready on the phone.
const PARTS = [
  {
    title: "1. Samen afspreken",
    steps: [
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
        where: "coach",
        type: "/overdracht",
        text: ({ coach }) => `${coach} typt “/overdracht” en vult het werk in.`,
        done: ({ books }) => books.placements.some(({ company, track }) => company || track === "search"),
      },
      {
        where: "coach",
        type: "/overdracht",
        text: ({ coach, employer }) => `${coach} haalt de werkgever erbij. ${employer} scant de code.`,
        done: ({ employer }) => employer.joined,
      },
      {
        where: "coach",
        type: "/overdracht",
        text: ({ coach }) => `${coach} kiest het ritme en een paar afspraken. Dan: “Laat lezen”.`,
        done: ({ books }) => agreed(books, "offered", "in_force"),
      },
      {
        where: "participant",
        text: ({ participant, employer }) => `${participant} leest, kiest wat ${employer} mag zien, en zegt ja.`,
        done: ({ employer, books, said }) =>
          agreed(books, "in_force") || said(employer).some((text) => text.includes("klaargezet")),
      },
      {
        where: "employer",
        text: ({ employer, participant }) => `${employer} leest wat ${participant} deelt, en zegt ja.`,
        done: ({ books }) => agreed(books, "in_force"),
      },
    ],
  },
  {
    title: "2. Maanden later",
    steps: [
      {
        where: "participant",
        type: "wanneer",
        text: ({ participant }) => `${participant} typt “wanneer”: wat komt er, en wie sprak dat af?`,
        done: ({ participant, said }) => said(participant).some((text) => text.includes("Het duurt tot en met")),
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
      {
        where: "clock",
        text: ({ coach }) => `Ga maand na maand verder. Alles komt op zijn dag; ${coach} krijgt taken.`,
        done: ({ books }) => books.tasks.length > 0,
      },
    ],
  },
];

const PLACES = { coach: "#phone-coach", participant: "#phone-participant", employer: "#phone-employer", clock: "#clock" };

export class Guide {
  // `keys` holds a button for each part, `list` the steps of the part that is shown.
  constructor(keys, list) {
    this.list = list;
    this.chosen = null; // by hand; otherwise the part of the next step is shown
    this.keys = PARTS.map(({ title }, part) =>
      el("button", {
        type: "button",
        text: title,
        "data-testid": `guide-part-${part + 1}`,
        on: { click: () => this.choose(part) },
      }),
    );
    keys.append(...this.keys);
  }

  choose(part) {
    this.chosen = part;
    if (this.state) this.show(this.state);
  }

  // `state`: coach, participant and employer as people, the books, and said(person).
  show(state) {
    this.state = state;
    const { coach, participant, employer } = state;
    const names = { coach: coach.name, participant: participant.name, employer: employer.name };
    const steps = PARTS.flatMap(({ steps }, part) => steps.map((step) => ({ ...step, part, ticked: Boolean(step.done(state)) })));
    const current = steps.findIndex(({ ticked }) => !ticked);
    const shown = this.chosen ?? steps.at(current).part;
    this.keys.forEach((key, part) => key.setAttribute("aria-pressed", String(part === shown)));
    const rows = steps.map((step, at) => ({
      id: at + 1,
      part: step.part,
      text: step.text(names),
      type: step.type,
      href: PLACES[step.where],
      done: step.ticked,
      current: at === current,
    }));
    fill(this.list, rows.filter(({ part }) => part === shown), draw);
  }
}

function draw({ id, text, type, href, done, current }) {
  const link = el("a", { href, text, "data-type": type });
  if (done) link.append(unseen(" (gedaan)"));
  const number = el("span", { class: "number", "aria-hidden": "true", text: done ? "✓" : id });
  return el(
    "li",
    { class: done ? "done" : current ? "current" : "", "data-testid": `guide-${id}`, "aria-current": current && "step" },
    number,
    link,
  );
}
