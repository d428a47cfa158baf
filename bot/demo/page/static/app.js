// Wires the page: two phones, the clock, the books, the guide.

import { Chats } from "./chats.js";
import { showGuide } from "./guide.js";
import { showPanel } from "./panel.js";
import { Phone } from "./phone.js";

const EVERY = 1000; // milliseconds between two looks in the books
const SOON = 150; // after something happened on a phone
const CODE = /\?start=[\w-]+/g;

const at = (id) => document.getElementById(id);
const page = Object.fromEntries(["alerts", "moments", "outbox", "inbox", "now", "guide", "notice"].map((id) => [id, at(id)]));
const chats = new Chats();
const phones = {};
let books;

async function ask(path, body) {
  const answer = await fetch(path, body && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error ?? "Dat lukte niet. Probeer het nog eens.");
  return told;
}

// One look at a time; a wish for another look while one is under way is kept.
let looking = null;
let again = false;
async function look() {
  if (looking) return void (again = true);
  looking = ask("panel").then(show, () => notice("De demo antwoordt niet. Draait hij nog?"));
  await looking;
  looking = null;
  if (again) {
    again = false;
    look();
  }
}

let planned;
function lookSoon(wait = SOON) {
  clearTimeout(planned);
  planned = setTimeout(() => look().finally(() => lookSoon(EVERY)), wait);
}

function show(fresh) {
  if (page.notice.dataset.kind === "lost") notice("");
  books = fresh;
  for (const person of fresh.people) {
    if (phones[person.role]?.person.chat !== person.chat) phones[person.role] = newPhone(person);
    phones[person.role].person = person;
    showChat(person.role);
  }
  showPanel(page, fresh);
  at("clock-next").disabled = !fresh.moments.some((moment) => moment.state === "planned");
  guide();
}

function newPhone(person) {
  const phone = new Phone(at("phone"), person, chats, invitation);
  at(person.role).replaceChildren(phone.root);
  chats.follow(person.chat, (notice) => {
    showChat(person.role, notice);
    lookSoon();
  });
  return phone;
}

function showChat(role, notice) {
  const phone = phones[role];
  if (!phone) return;
  phone.show(chats.of(phone.person.chat), notice);
  guide();
}

function guide() {
  if (!books || !phones.coach || !phones.participant) return;
  const [coach, participant] = [phones.coach.person, phones.participant.person];
  showGuide(page.guide, { coach, participant, books, said });
}

const said = (person) => chats.said(person.chat);

// Once the coach has been sent a fresh invitation for the participant, only that one still works.
function invitation(person) {
  const links = person.role === "participant" && books ? said(phones.coach.person).join(" ").match(CODE) : null;
  return links?.at(-1).split("=")[1] ?? person.code;
}

function notice(text, kind = "") {
  page.notice.textContent = text;
  page.notice.dataset.kind = kind;
}

function button(id, path, body, said) {
  at(id).addEventListener("click", async () => {
    notice("");
    try {
      const told = await ask(path, body);
      notice(told.notice ?? said);
      await look();
    } catch (problem) {
      notice(problem.message);
    }
  });
}

button("clock-next", "panel/clock", { to: "next moment" }, "De klok staat op het volgende contactmoment.");
button("clock-hour", "panel/clock", { minutes: 60 }, "Het is een uur later.");
button("clock-day", "panel/clock", { minutes: 24 * 60 }, "Het is een dag later.");
button("plan", "panel/plan", {});
button("restart", "panel/restart", {}, "De demo begint opnieuw.");

chats.lost = (lost) => (lost ? notice("De verbinding is weg. De pagina probeert het opnieuw.", "lost") : lookSoon());
lookSoon(0);
