// The stand-in's control API (bot/demo/standin): what is on each phone, and what its owner does.

import { photoContent } from "./picture.js";
import { soundContent } from "./sound.js";

const ROOT = "/control";

export class Chats {
  constructor() {
    this.chats = new Map(); // chat id → {messages: Map, blocked, toast}
    this.watchers = new Map();
    this.changes = 0;
    this.lost = () => {};
    this.listen();
  }

  of(chat) {
    const { messages, blocked } = this.chats.get(chat) ?? empty();
    return { messages: [...messages.values()].sort((one, other) => one.id - other.id), blocked };
  }

  // `watcher` is called at every change of this chat, with the words of a notice if there was one.
  follow(chat, watcher) {
    this.watchers.set(chat, watcher);
    this.fetch(chat);
  }

  start(chat, code) {
    return post("start", { user: chat, code });
  }
  write(chat, text, replyTo) {
    return post("write", { user: chat, text, reply_to: replyTo });
  }
  tap(chat, message, data) {
    return post("tap", { user: chat, message, data });
  }
  voice(chat) {
    return post("send", { user: chat, kind: "voice", content: soundContent() });
  }
  async photo(chat) {
    return post("send", { user: chat, kind: "photo", content: await photoContent() });
  }
  async block(chat, blocked) {
    await post(blocked ? "block" : "unblock", { user: chat });
    await this.fetch(chat);
  }

  // What the bot said in this chat, oldest first, as it reads now.
  said(chat) {
    return this.of(chat).messages.filter((message) => !message.own).map((message) => message.text);
  }

  // What changes while we read is read again. A chat that is being made afresh tells so itself.
  async fetch(chat) {
    const before = this.changes;
    const [messages, people] = await Promise.all([get("read", { chat }), get("people")]).catch(() => [null]);
    if (!messages) return;
    if (before !== this.changes) return this.fetch(chat);
    const person = people.find(({ id }) => id === chat);
    this.chats.set(chat, { messages: new Map(messages.map((raw) => [raw.id, plain(raw)])), blocked: Boolean(person?.blocked) });
    this.watchers.get(chat)?.();
  }

  // The browser reconnects by itself; after each connection everything is fetched, so nothing is missed.
  listen() {
    const events = new EventSource(`${ROOT}/events`);
    events.onopen = () => {
      this.lost(false);
      this.fetchAll();
    };
    events.onerror = () => this.lost(true);
    events.onmessage = ({ data }) => this.changed(JSON.parse(data));
  }

  fetchAll() {
    for (const chat of this.watchers.keys()) this.fetch(chat);
  }

  changed({ chat, what, message, text }) {
    this.changes += 1;
    if (what === "reset") return this.fetchAll();
    if (!this.watchers.has(chat)) return;
    if (what === "people") return this.fetch(chat);
    const { messages } = this.chats.get(chat) ?? this.chats.set(chat, empty()).get(chat);
    if (what === "delete") messages.delete(message.id);
    else if (message) messages.set(message.id, plain(message));
    this.watchers.get(chat)(what === "notice" ? text : "");
  }
}

export async function file(id) {
  const { mime, content } = await get("file", { file_id: id });
  return `data:${mime};base64,${content}`;
}

const empty = () => ({ messages: new Map(), blocked: false });

const get = (verb, query = {}) => ask(`${ROOT}/${verb}?${new URLSearchParams(query)}`);

const post = (verb, body) =>
  ask(`${ROOT}/${verb}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

async function ask(...request) {
  const answer = await fetch(...request);
  if (!answer.ok) throw new Error("Dat kwam niet aan. Probeer het nog eens.");
  return answer.json();
}

function plain({ id, from, date, text, rows, reply_to: replyTo, edited, media }) {
  return {
    id,
    own: from !== "bot",
    text,
    at: new Date(typeof date === "number" ? date * 1000 : date).toISOString(),
    edited,
    kind: media?.kind ?? "text",
    file: media?.file_id,
    fileName: media?.name,
    replyTo,
    rows: rows.map((row) => row.map(({ label, callback_data: data, url }) => ({ label, data, url }))),
  };
}
