/** Moments in the committee's zone, which is named: a phone on a journey shows the ward's time. */

import { text } from "../_shared/page.js";

/** "8 October 2026, 8 p.m., Los Angeles time", in the language of the page. */
export function inWords(moment, zone) {
  const when = new Date(moment);
  const day = format(when, zone, { dateStyle: "long" });
  const time = asOnOtherPages(format(when, zone, { hour: "numeric", minute: "2-digit" }));
  return text("moment", { day, time, zone: zoneInWords(zone) });
}

/** The order of day, month and year that our pages have: British English for English. */
function format(when, zone, style) {
  const language = document.documentElement.lang || "en";
  const hour12 = style.hour && language === "en" ? { hour12: true } : {};
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { timeZone: zone, ...style, ...hour12 }).format(when);
}

/** English times as the server writes them: "8:00 pm" is "8 p.m."; other languages have none of this to change. */
const asOnOtherPages = (time) => time.replace(/:00(?=\s?[ap]m$)/, "").replace(/\s?([ap])m$/, " $1.m.");

const zoneInWords = (zone) =>
  zone.includes("/") ? text("cityTime", { city: zone.split("/").pop().replaceAll("_", " ") }) : zone;
