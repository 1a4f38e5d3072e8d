/** Days as `YYYY-MM-DD` texts, in the committee's zone: they compare as texts, and no clock is read here. */

const DAY_MS = 86_400_000;

export const isDay = (text) => typeof text === "string" && /^\d{4}-\d\d-\d\d$/.test(text) && addDays(text, 0) === text;

export function addDays(day, count) {
  const [year, month, date] = day.split("-").map(Number);
  const moved = new Date(Date.UTC(year, month - 1, date) + count * DAY_MS);
  return Number.isNaN(moved.getTime()) ? null : moved.toISOString().slice(0, 10);
}

/** `YYYY-MM-DDTHH:MM:SSZ`, a moment that exists. */
export function isMoment(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return false;
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text.replace("Z", ".000Z");
}
