// Dates and times as people here read them. The demo's clock is Dutch time wherever the browser is.

const ZONE = "Europe/Amsterdam";
const form = (options) => new Intl.DateTimeFormat("nl-NL", { timeZone: ZONE, ...options });
const HOUR = form({ hour: "2-digit", minute: "2-digit" });
const DAY = form({ weekday: "long", day: "numeric", month: "long" });
const SHORT = form({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const PLAIN = form({ day: "numeric", month: "long", year: "numeric" });
const DATE = form({ weekday: "long", day: "numeric", month: "long", year: "numeric" });

export const hour = (at) => HOUR.format(at);
export const day = (at) => DAY.format(at);
export const short = (at) => SHORT.format(at);
export const date = (at) => PLAIN.format(at);
export const full = (at) => `${DATE.format(at)}, ${hour(at)}`;

export function excerpt(text, most = 60) {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= most ? line : `${line.slice(0, most - 1).trimEnd()}…`;
}
