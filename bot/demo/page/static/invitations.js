// Who is invited: links with a code stand in the chats, and other phones can open them.

const CODE = /\?start=([\w-]+)/;

export class Invitations {
  // `people()` are the owners of the phones; `opened(person)` is called once somebody has scanned.
  constructor(chats, people, opened) {
    this.chats = chats;
    this.people = people;
    this.opened = opened;
  }

  // The code that works for this person now, or "": the newest that another phone shows under their name, else their own.
  code(person) {
    const shown = this.others(person)
      .flatMap(({ chat }) => this.chats.of(chat).messages)
      .filter((message) => !message.own && CODE.test(message.text) && message.text.includes(person.name))
      .sort((one, other) => one.at.localeCompare(other.at));
    return shown.length ? CODE.exec(shown.at(-1).text)[1] : person.code;
  }

  // The names of who can scan this message on the phone of `person`: a picture with an invitation, for who has not joined.
  scanners(person, message) {
    if (message.own || message.kind !== "photo" || !CODE.test(message.text)) return [];
    return this.others(person).filter(({ joined }) => !joined).map(({ name }) => name);
  }

  async scan(message, name) {
    const person = this.people().find((one) => one.name === name);
    await this.chats.start(person.chat, CODE.exec(message.text)[1]);
    this.opened(person);
  }

  others(person) {
    return this.people().filter(({ chat }) => chat !== person.chat);
  }
}
