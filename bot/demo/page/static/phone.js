// One phone: a chat with the bot, as its owner sees it.

import { drawBubble, redrawBubble, summary } from "./bubble.js";
import { el } from "./dom.js";
import { day } from "./words.js";

export const ROLES = { participant: "deelnemer", coach: "coach", employer: "werkgever" };
const NEAR_END = 48; // pixels: closer than this counts as reading along
const TOAST = 5000;

export class Phone {
  // `invitations`: code(person) that works now, scanners(person, message) and scan(message, name).
  constructor(template, person, chats, invitations) {
    this.person = person;
    this.chats = chats;
    this.invitations = invitations;
    this.root = template.content.cloneNode(true).firstElementChild;
    this.part = (name) => this.root.querySelector(`[data-testid="${name}"]`);
    this.log = this.part("log");
    this.bubbles = new Map();
    this.answering = null;
    this.top = 0;
    this.follows = true; // whether whoever reads is at the end
    this.label();
    this.listen();
  }

  label() {
    const { name, role } = this.person;
    this.root.id = `phone-${role}`;
    this.root.dataset.testid = `phone-${role}`;
    this.root.setAttribute("aria-label", `Telefoon van ${name} (${ROLES[role]})`);
    this.root.querySelector(".owner").append(`Telefoon van ${name} `, el("span", { text: `(${ROLES[role]})` }));
    this.log.setAttribute("aria-label", `Gesprek van ${name} met Achterdehand`);
    const label = this.root.querySelector("form label");
    label.textContent = `Bericht van ${name}`;
    label.htmlFor = this.part("composer").id = `composer-${role}`;
  }

  listen() {
    const { chat } = this.person;
    const on = (name, act) => this.part(name).addEventListener("click", act);
    on("start", () => this.do(() => this.chats.start(chat, this.invitations.code(this.person))));
    on("more", () => this.openMenu(this.part("menu").hidden));
    on("send-voice", () => this.fromMenu(() => this.chats.voice(chat)));
    on("send-photo", () => this.fromMenu(() => this.chats.photo(chat)));
    on("block", () => this.fromMenu(() => this.chats.block(chat, !this.blocked)));
    on("unblock", () => this.do(() => this.chats.block(chat, false), this.part("composer")));
    on("quoting-stop", () => this.quote(null));
    on("newer", () => this.toEnd());
    this.log.addEventListener("scroll", () => this.scrolled());
    new ResizeObserver(() => this.follows && this.toEnd()).observe(this.log);
    this.log.addEventListener("load", () => this.follows && this.toEnd(), true); // a photo that came later
    this.root.addEventListener("keydown", (event) => event.key === "Escape" && this.escape());
    this.part("composer").addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.write();
    });
    this.root.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.write();
    });
  }

  // Whoever reads at the end stays at the end; whoever reads back is told, and not moved.
  show({ messages, blocked }, notice) {
    this.scrolled();
    const before = this.bubbles.size;
    this.drawMessages(messages);
    this.showBlocked(blocked);
    this.showInvite(!this.person.joined && !blocked);
    if (notice) this.say(notice);
    if (this.follows) this.toEnd();
    else if (this.bubbles.size > before) this.part("newer").hidden = false;
  }

  drawMessages(messages) {
    const byId = new Map(messages.map((message) => [message.id, message]));
    const wanted = [];
    let last = "";
    for (const message of messages) {
      const today = day(new Date(message.at));
      if (today !== last) wanted.push(this.dayLine(today));
      last = today;
      wanted.push(this.bubble(message, byId.get(message.replyTo)));
    }
    this.place(wanted);
  }

  bubble(message, quoted) {
    const acts = {
      tap: (...about) => this.tap(...about),
      reply: (about) => this.quote(about),
      scanners: (about) => this.invitations.scanners(this.person, about),
      scan: (...about) => this.do(() => this.invitations.scan(...about)),
    };
    const node = this.bubbles.get(message.id);
    if (node) redrawBubble(node, message, quoted, acts);
    else this.bubbles.set(message.id, drawBubble(message, quoted, acts));
    return this.bubbles.get(message.id);
  }

  dayLine(text) {
    return [...this.log.querySelectorAll(".day")].find((node) => node.textContent === text) ?? el("p", { class: "day", text });
  }

  place(wanted) {
    wanted.forEach((node, at) => {
      if (this.log.children[at] !== node) this.log.insertBefore(node, this.log.children[at] ?? null);
    });
    while (this.log.children.length > wanted.length) this.log.lastElementChild.remove();
    const kept = new Set(wanted);
    for (const [id, node] of this.bubbles) if (!kept.has(node)) this.bubbles.delete(id);
  }

  showInvite(open) {
    const invite = this.part("invite");
    const hadFocus = invite.contains(document.activeElement);
    invite.hidden = !open;
    if (open) this.tellInvite(Boolean(this.invitations.code(this.person)));
    if (hadFocus && !open) this.part("composer").focus();
  }

  tellInvite(invited) {
    const { name } = this.person;
    const line = this.part("invite").querySelector("p");
    line.textContent = invited ? `${name} kreeg een link om mee te doen.` : `${name} is nog niet uitgenodigd. Dat komt later.`;
    this.part("start").hidden = !invited;
  }

  showBlocked(blocked) {
    this.blocked = blocked;
    this.part("cut").hidden = !blocked;
    this.part("block").textContent = blocked ? "Deblokkeer de bot" : "Blokkeer de bot";
    this.root.querySelector("form").hidden = blocked;
  }

  async write() {
    const box = this.part("composer");
    const text = box.value.trim();
    if (!text) return;
    const replyTo = this.answering?.id;
    box.value = "";
    this.quote(null);
    const sent = await this.do(() => this.chats.write(this.person.chat, text, replyTo));
    if (!sent && !box.value) box.value = text;
    this.toEnd();
  }

  // Words that only must be sent, unless somebody is writing here.
  putReady(text) {
    const box = this.part("composer");
    if (!box.value.trim()) box.value = text;
    box.focus();
  }

  async tap(message, button, key) {
    if (key.ariaBusy === "true") return;
    key.ariaBusy = "true";
    await this.do(() => this.chats.tap(this.person.chat, message.id, button.data));
    key.ariaBusy = "false";
  }

  quote(message) {
    this.answering = message;
    this.part("quoting").hidden = !message;
    if (message) this.part("quoting").querySelector("p").textContent = `Antwoord op: ${summary(message)}`;
    if (message || this.root.contains(document.activeElement)) this.part("composer").focus();
  }

  openMenu(open) {
    this.part("menu").hidden = !open;
    this.part("more").setAttribute("aria-expanded", String(open));
    if (open) this.part("send-voice").focus();
  }

  fromMenu(act) {
    this.openMenu(false);
    this.part("more").focus();
    return this.do(act);
  }

  escape() {
    if (this.part("menu").hidden) return void (this.answering && this.quote(null));
    this.openMenu(false);
    this.part("more").focus();
  }

  async do(act, focus) {
    try {
      await act();
      focus?.focus();
      return true;
    } catch (problem) {
      this.say(problem.message);
      return false;
    }
  }

  say(text) {
    const toast = this.part("toast");
    toast.textContent = text;
    clearTimeout(this.hushing);
    this.hushing = setTimeout(() => (toast.textContent = ""), TOAST);
  }

  // Only a person moves the top of the view; a message, a photo or a smaller window does not.
  scrolled() {
    if (this.log.scrollTop === this.top) return;
    this.top = this.log.scrollTop;
    this.follows = this.atEnd();
    if (this.follows) this.part("newer").hidden = true;
  }

  atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    this.top = this.log.scrollTop;
    this.follows = true;
    this.part("newer").hidden = true;
  }
}
