// Wires the page: three phones, the clock, the books, the guide.

import { Chats } from "./chats.js";
import { Guide } from "./guide.js";
import { Invitations } from "./invitations.js";
import { showPanel } from "./panel.js";
import { Phone } from "./phone.js";
import { Tabs } from "./tabs.js";

const EVERY = 1000; // milliseconds between two looks in the books
const SOON = 150; // after something happened on a phone

const at = (id) => document.getElementById(id);
const PARTS = ["alerts", "placements", "moments", "tasks", "outbox", "inbox", "now", "guide", "notice"];
const page = Object.fromEntries(PARTS.map((id) => [id, at(id)]));
const chats = new Chats();
const phones = {};
const story = new Guide(at("guide-parts"), page.guide);
const tabs = new Tabs(at("tabs"), document.querySelector("main"), "coach"); // the story begins there
const owners = () => Object.values(phones).map((phone) => phone.person);
const invitations = new Invitations(chats, owners, (person) => tabs.show(person.role));
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
  }
  for (const role of Object.keys(phones)) showChat(role);
  showPanel(page, fresh);
  at("clock-next").disabled = !fresh.moments.some((moment) => moment.state === "planned");
  guide();
}

function newPhone(person) {
  const phone = new Phone(at("phone"), person, chats, invitations);
  at(person.role).replaceChildren(phone.root);
  tabs.add(person);
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
  tabs.count(role, said(phone.person).length);
  guide();
}

function guide() {
  if (!books || owners().length < 3) return;
  const [coach, participant, employer] = [phones.coach, phones.participant, phones.employer].map(({ person }) => person);
  story.show({ coach, participant, employer, books, said });
}

const said = (person) => chats.said(person.chat);

function notice(text, kind = "") {
  page.notice.textContent = text;
  page.notice.dataset.kind = kind;
}

// One at a time: a leap over a month takes a while, and a second press meanwhile is not meant.
let busy = false;
function button(id, path, body, said) {
  at(id).addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    notice("Een ogenblik.");
    try {
      const told = await ask(path, body);
      notice(told.notice ?? said);
      await look();
    } catch (problem) {
      notice(problem.message);
    } finally {
      busy = false;
    }
  });
}

button("clock-next", "panel/clock", { to: "next moment" }, "De klok staat op het volgende contactmoment.");
button("clock-hour", "panel/clock", { minutes: 60 }, "Het is een uur later.");
button("clock-day", "panel/clock", { to: "day" }, "Het is een dag later.");
button("clock-week", "panel/clock", { to: "week" }, "Het is een week later.");
button("clock-month", "panel/clock", { to: "month" }, "Het is een maand later.");
button("plan", "panel/plan", {});
button("restart", "panel/restart", {}, "De demo begint opnieuw.");

// A step of the guide leads to a phone, which must be the one that is shown, and may put words ready there.
page.guide.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  const role = link?.hash.replace("#phone-", "");
  if (!(role in phones)) return;
  tabs.show(role);
  if (!link.dataset.type) return;
  event.preventDefault(); // the focus goes to the words, not to the top of the phone
  phones[role].putReady(link.dataset.type);
});

chats.lost = (lost) => (lost ? notice("De verbinding is weg. De pagina probeert het opnieuw.", "lost") : lookSoon());
lookSoon(0);
