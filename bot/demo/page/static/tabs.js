// On a narrow page one phone is shown at a time, and a dot tells of news on another. A wide page shows all, and no tabs.

import { el, unseen } from "./dom.js";
import { ROLES } from "./phone.js";

export class Tabs {
  // `place` carries the choice as data-shown, for the style sheet.
  constructor(list, place, shown) {
    this.list = list;
    this.place = place;
    this.keys = new Map();
    this.said = new Map(); // role → how many messages of the bot there are
    this.read = new Map(); // role → how many of them were there when it was last shown
    this.show(shown);
  }

  add({ name, role }) {
    const key = el(
      "button",
      { type: "button", "data-testid": `tab-${role}`, on: { click: () => this.show(role) } },
      el("strong", { text: name }),
      el("span", { class: "role", text: ROLES[role] }),
      el("span", { class: "news", hidden: true }, unseen("nieuw bericht")),
    );
    this.keys.set(role, key);
    this.list.append(key);
    this.draw();
  }

  // The bot said `count` messages on this phone so far.
  count(role, count) {
    this.said.set(role, count);
    this.draw();
  }

  // Whoever had the focus on a phone that is put away, has it on the tab then.
  show(role) {
    const active = document.activeElement;
    const onPhone = Boolean(active?.closest(".place"));
    this.shown = this.place.dataset.shown = role;
    this.draw();
    if (onPhone && !active.getClientRects().length) this.keys.get(role).focus();
  }

  draw() {
    for (const [role, key] of this.keys) {
      const said = this.said.get(role) ?? 0;
      if (role === this.shown) this.read.set(role, said);
      this.read.set(role, Math.min(this.read.get(role) ?? 0, said)); // after a fresh start there is less
      key.setAttribute("aria-pressed", String(role === this.shown));
      key.querySelector(".news").hidden = said <= this.read.get(role);
    }
  }
}
