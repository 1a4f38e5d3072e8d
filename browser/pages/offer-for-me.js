/**
 * What the offers mean for one member. The trap: nothing of this may leave the page. The fields stand in no form and
 * have no names, nothing is fetched, and nothing is kept.
 */

import { decimal, fraction, ONE, whole } from "../core/fractions.js";
import { readHours, readPay, unitOf } from "../core/pay.js";
import { readPercentage } from "../core/percentages.js";
import { Refused } from "../core/refusal.js";
import { levelsByYear } from "../core/wages.js";
import { lineChart } from "../elements/line-chart.js";
import { find, start, text } from "./_shared/page.js";
import { fillTable, inShort } from "./_table/comparison.js";
import { numbersIn } from "./_table/numbers.js";
import { payOf, windowOf, worthOf } from "./_table/reckoning.js";

const HUNDRED = whole(100);
const REFUSALS = {
  no_pay: "noPay",
  not_an_hour: "notAnHour",
  not_a_year: "notAYear",
  no_hours: "noHours",
  no_percentage: "noPercentage",
  two_readings: "twoReadings",
};
const { articles, steps, series, years: defaultYears, ...marks } = JSON.parse(find("#reckoning").textContent);
const numbers = numbersIn(marks);
const field = (name) => find(`[data-${name}]`);
const valueOf = (name) => field(name).value;

const typedToTheEnd = new Set();

start(() => {
  for (const name of ["article", "pay", "unit", "hours", "series", "since", "until", "guess", "earlier"]) {
    field(name).addEventListener("input", () => typedToTheEnd.delete(name));
    field(name).addEventListener("change", () => typedToTheEnd.add(name));
  }
  field("series").addEventListener("input", offerYears);
  document.querySelector("[data-scale]")?.addEventListener("change", takeStep);
  for (const event of ["input", "change"]) find("main").addEventListener(event, show);
  offerYears();
  for (const part of document.querySelectorAll("[data-reckoned]")) part.hidden = false;
  show();
  new ResizeObserver(show).observe(field("chart"));
});

/** Everything again from what stands in the fields. A figure is refused in words only when it is typed to its end. */
function show() {
  const about = whatIsAsked();
  if (about === null) return;
  const offers = offersAsked().map((offer) => ({ ...offer, worth: worthOf(offer.figures, about) }));
  find("[data-hours-field]").hidden = about.unit !== "hour";
  const { name, source } = seriesAsked();
  field("prices").textContent = text("pricesOf", { ...about.window, name });
  field("source").textContent = [text("pricesRose", { ...about.window, name, source, rate: numbers.percent(about.window.prices) }), ...remarks(about.window)].join(" ");
  field("in-short").replaceChildren(...inShort(offersThatStand(offers), about));
  field("per-hundred").hidden = about.pay !== null;
  fillTable(field("table"), offers, about);
  draw(offersThatStand(offers).filter(({ worth }) => worth.levels.length > 0), about);
}

/** What the fields say, for all that is reckoned; null while the years make no window. */
function whatIsAsked() {
  const unit = valueOf("unit");
  const window = windowAsked();
  const amount = read("pay", (typed) => readPay(typed, unit));
  const hours = unit === "hour" ? read("hours", readHours) : null;
  const guess = read("guess", readPercentage);
  if (window === null) return null;
  const pay = amount && (unit === "year" || hours) ? payOf(amount, unit, hours) : null;
  return { numbers, unit, pay, unitAmount: pay?.amount ?? HUNDRED, window, guess, mark: markOf(window) };
}

function windowAsked() {
  const [since, until] = [Number(valueOf("since")), Number(valueOf("until"))];
  sayProblem("until", since < until ? "" : text("noWindow"));
  return since < until ? windowOf(seriesAsked(), since, until) : null;
}

/** The figure in a field, or null. Two readings are asked about at once. */
function read(name, reader) {
  const typed = valueOf(name);
  const { value = null, refusal = "", readings = [] } = typed.trim() === "" ? {} : readBy(reader, typed);
  const isSaid = readings.length > 0 || typedToTheEnd.has(name);
  sayProblem(name, refusal && isSaid ? text(REFUSALS[refusal]) : "");
  askWhich(name, readings);
  return value;
}

function readBy(reader, typed) {
  try {
    return { value: reader(typed) };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { refusal: error.check, readings: error.data.readings };
  }
}

function sayProblem(name, sentence) {
  const place = find(`[data-problem="${name}"]`);
  if (place.textContent !== sentence) place.textContent = sentence; // said aloud once
  place.hidden = sentence === "";
  field(name).setAttribute("aria-invalid", String(sentence !== ""));
}

/** One button for each reading. Those that stay are not drawn again: somebody may be pressing one. */
function askWhich(name, readings) {
  const place = document.querySelector(`[data-readings="${name}"]`);
  if (!place || place.dataset.asked === readings.join()) return;
  place.dataset.asked = readings.join();
  place.hidden = readings.length === 0;
  place.replaceChildren(...readings.map((reading) => readingButton(name, reading)));
}

function readingButton(name, reading) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  const isRate = name === "guess";
  button.textContent = isRate ? numbers.percent(reading) : numbers.money(reading);
  button.addEventListener("click", () => {
    field(name).value = isRate ? `${plain(reading.times(HUNDRED))} %` : plain(reading);
    typedToTheEnd.add(name);
    field(name).focus();
    show();
  });
  return button;
}

/** With two decimals or four: three could be thousands. */
function plain(value) {
  const short = decimal(value, 2);
  return fraction(short).equals(value) ? short : decimal(value, 4);
}

function takeStep() {
  const step = steps[field("scale").value];
  field("scale-said").textContent = step ? text("scaleSaid", step) : "";
  if (!step) return;
  const pay = fraction(step.pay);
  field("pay").value = plain(pay);
  field("unit").value = unitOf(pay);
}

const seriesAsked = () => series.find(({ key }) => key === valueOf("series"));

const offersOfArticle = () => (articles.find(({ id }) => id === valueOf("article")) ?? articles[0]).offers;

function offersAsked() {
  const offers = offersOfArticle();
  const stand = offersThatStand(offers);
  find("[data-earlier-field]").hidden = stand.length === offers.length;
  return field("earlier").checked ? offers : stand;
}

/** Where everything was taken back, what was said last has to do. */
function offersThatStand(offers) {
  const stand = offers.filter(({ stands }) => stands);
  return stand.length > 0 ? stand : offers.slice(0, 1);
}

/** The years of the series. Where it lacks those chosen before: its last ones, as many as the offer has. */
function offerYears() {
  const years = seriesAsked().levels.map(([year]) => year);
  const chosen = [Number(valueOf("since")), Number(valueOf("until"))];
  fillYears("since", years.slice(0, -1));
  fillYears("until", years.slice(1));
  const last = years[years.length - 1];
  const [since, until] = chosen.every((year) => years.includes(year)) ? chosen : [Math.max(years[0], last - yearsOfOffer()), last];
  field("since").value = since;
  field("until").value = until;
}

function fillYears(name, years) {
  field(name).replaceChildren(...years.map((year) => new Option(year, year)));
}

function yearsOfOffer() {
  const { figures } = offersOfArticle()[0];
  return figures.starts_on && figures.ends_on ? levelsByYear(figures).length : defaultYears;
}

const markOf = ({ isIncomplete, isUnverified }) => (isUnverified ? text("notChecked") : isIncomplete ? text("incomplete") : "");

const remarks = ({ isIncomplete, isUnverified }) =>
  [isIncomplete && text("incompleteLong"), isUnverified && text("notCheckedLong")].filter(Boolean);

/** The pay at the end of each year, and prices beside it: as they were in the window, or as the member guesses. */
function draw(offers, about) {
  const place = field("chart");
  place.hidden = offers.length === 0;
  const width = place.clientWidth;
  if (offers.length === 0 || width === 0) return;
  const lines = [...offers.map((offer) => lineOf(offer, about)), linePrices(offers, about)];
  const most = Math.max(...lines.map(({ values }) => values.length));
  const years = Array.from({ length: most }, (_none, year) => ({
    short: String(year),
    long: year === 0 ? text("chartNow") : text("chartYear", { year }),
  }));
  const startsAt = numbers.round(about.unitAmount);
  place.replaceChildren(lineChart({ width, lines, years, startsAt, label: text("chartLabel") }));
}

function lineOf({ side, title, worth }, { unitAmount }) {
  const levels = [ONE, ...worth.levels];
  return { name: side, label: [title, numbers.round(unitAmount.times(levels[levels.length - 1]))], values: levels.map((level) => level.toNumber()) };
}

function linePrices(offers, { unitAmount, window, guess, mark }) {
  const path = guess === null ? window.path : guessedPath(guess, Math.max(...offers.map(({ worth }) => worth.levels.length)));
  const end = numbers.round(unitAmount.times(path[path.length - 1]));
  return { name: "prices", label: [text("chartPrices"), end, ...(mark && guess === null ? [mark] : [])], values: path.map((level) => level.toNumber()) };
}

function guessedPath(guess, years) {
  const path = [ONE];
  for (let year = 0; year < years; year += 1) path.push(path[year].times(ONE.plus(guess)));
  return path;
}
