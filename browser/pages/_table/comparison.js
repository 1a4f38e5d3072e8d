/** The offers side by side: each in short, and all figures in a table. Takes what reckoning.js gives. */

import { NOTHING, ONE, whole } from "../../core/fractions.js";
import { text } from "../_shared/page.js";

const NONE = "–";

/** Each of *offers* ({title, day, figures, worth}) in a few sentences, with the one figure that counts. */
export const inShort = (offers, about) => offers.map((offer) => shortOf(offer, about));

function shortOf({ title, day, worth }, about) {
  const made = document.createElement("div");
  const heading = cell("h3", title);
  heading.append(small(day));
  const real = cell("p", realInWords(worth, about));
  real.append(...remarksOn(worth, about).map(small));
  const more = [...guessInWords(worth, about), ...lumpSumInWords(worth, about)];
  made.append(heading, ...figureOf(worth, about), cell("p", saidInWords(worth, about)), real, ...more.map((said) => cell("p", said)));
  return made;
}

/** What lessens a figure that rests on prices: they were not checked, or are those of more or fewer years. */
function remarksOn({ levels }, { window, mark }) {
  const lengths = { prices: window.path.length - 1, term: levels.length };
  return [
    ...(mark ? [mark] : []),
    ...(levels.length === 0 ? [text("noTerm")] : []),
    ...(levels.length > 0 && lengths.prices !== lengths.term ? [text("lengthsDiffer", lengths)] : []),
  ];
}

function guessInWords({ guessed }, { numbers, guess }) {
  return guessed ? [text("guessed", { rate: numbers.percent(guess), real: numbers.signedPercent(guessed) })] : [];
}

/** The pay in the end where the member named theirs, else the rate. */
function figureOf({ levels, compounded }, { numbers, pay, unit }) {
  const figure = cell("p", pay ? numbers.money(ended(pay, compounded)) : numbers.signedPercent(compounded));
  figure.className = "figure";
  const what = pay ? (unit === "hour" ? "anHour" : "aYear") : "onYourPay";
  const when = levels.length > 0 ? text("endOfYear", { year: levels.length }) : text("afterLastRaise");
  const meaning = cell("p", text("figureMeans", { what: text(what), when }));
  meaning.className = "small soft";
  return [figure, meaning];
}

function saidInWords({ headline, compounded }, { numbers }) {
  const values = { headline: numbers.percent(headline), compounded: numbers.percent(compounded) };
  return text(headline.equals(compounded) ? "saidOnce" : "said", values);
}

function realInWords({ real }, { numbers, window }) {
  const isLess = NOTHING.isOver(real);
  const name = real.equals(NOTHING) ? "buysTheSame" : isLess ? "buysLess" : "buysMore";
  return text(name, { real: numbers.percent(isLess ? NOTHING.minus(real) : real), since: window.since, until: window.until });
}

function lumpSumInWords({ lumpSums, lumpShare }, { numbers }) {
  if (lumpSums.equals(NOTHING)) return [];
  const once = numbers.money(lumpSums);
  return [lumpShare ? text("onceShare", { once, share: numbers.percent(lumpShare) }) : text("once", { once })];
}

const ended = ({ amount }, change) => amount.plus(amount.times(change));

/** The same as a table of one column an offer. */
export function fillTable(table, offers, about) {
  const head = row("thead", [cell("td", ""), ...offers.map(heading)]);
  const body = document.createElement("tbody");
  for (const [label, valueOf] of rowsFor(offers, about)) {
    const values = offers.map(({ worth, figures }) => numberCell(valueOf(worth, figures)));
    body.append(line([headerCell(label, "row"), ...values]));
  }
  table.replaceChildren(table.caption, head, body);
}

/** [label, what stands in the column of an offer: a text or several] of each row. */
function rowsFor(offers, { numbers, pay, unitAmount, window, mark, guess }) {
  const { percent, money, signedPercent, signedMoney } = numbers;
  const years = Math.max(0, ...offers.map(({ worth }) => worth.levels.length));
  const hasLumpSums = offers.some(({ worth }) => worth.lumpSums.isOver(NOTHING));
  const marked = (value) => (mark ? [value, mark] : [value]);
  const unless = (value, write) => (value === null ? NONE : write(value));
  return [
    [text("rowHeadline"), ({ headline }) => percent(headline)],
    [text("rowCompounded"), ({ compounded }) => percent(compounded)],
    ...Array.from({ length: years }, (_none, year) => [
      text("rowYear", { year: year + 1 }),
      ({ levels }) => unless(levels[year] ?? null, (level) => money(unitAmount.times(level))),
    ]),
    [text("rowReal", window), ({ real }) => marked(signedPercent(real))],
    ...(pay ? [[text("rowBuys", window), ({ real }) => marked(money(ended(pay, real)))]] : []),
    ...(guess ? [[text("rowGuess", { rate: percent(guess) }), ({ guessed }) => unless(guessed, signedPercent)]] : []),
    [text("rowBreakEven"), ({ breakEven }) => unless(breakEven, percent)],
    [text("rowLastYear"), ({ lastYear, levels }) => unless(lastYear, (share) => [percent(share), text("evenly", { share: percent(ONE.dividedBy(whole(levels.length))) })])],
    [text("rowLate"), ({ late, lateMoney }) => unless(late, () => [...(lateMoney ? [signedMoney(lateMoney)] : []), text("ofYourPay", { rate: signedPercent(late) })])],
    ...(hasLumpSums ? lumpSumRows({ money, percent, unless, pay }) : []),
  ];
}

function lumpSumRows({ money, percent, unless, pay }) {
  return [
    [text("rowOnce"), ({ lumpSums }) => (lumpSums.equals(NOTHING) ? NONE : money(lumpSums))],
    ...(pay ? [[text("rowOnceShare"), ({ lumpSums, lumpShare }) => (lumpSums.equals(NOTHING) ? NONE : unless(lumpShare, percent))]] : []),
    [text("rowOnceAfter"), ({ lumpSums }) => (lumpSums.equals(NOTHING) ? NONE : money(NOTHING))],
  ];
}

function heading({ title, day, stands }) {
  const made = headerCell(title, "col");
  made.className = "number";
  made.append(small(day));
  if (!stands) made.append(small(text("saidBefore")));
  return made;
}

function numberCell(value) {
  const [first, ...more] = [value].flat();
  const made = cell("td", first);
  made.className = "number";
  made.append(...more.map(small));
  return made;
}

function small(words) {
  const made = cell("span", words);
  made.className = "small soft beneath";
  return made;
}

function headerCell(words, scope) {
  const made = cell("th", words);
  made.scope = scope;
  return made;
}

function row(part, cells) {
  const made = document.createElement(part);
  made.append(line(cells));
  return made;
}

function line(cells) {
  const made = document.createElement("tr");
  made.append(...cells);
  return made;
}

function cell(name, words) {
  const made = document.createElement(name);
  made.textContent = words;
  return made;
}
