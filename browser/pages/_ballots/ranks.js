/**
 * Ranking: a tap gives a name the next rank, another takes it back; then buttons move it up and down. No row ever moves,
 * so that nothing slips away under a thumb.
 */

import { find, fromTemplate, text } from "../_shared/page.js";
import { drawBlank, isBlank, takeBlankBack } from "./blank.js";

/** The numbers of those who are ranked, the first first, of each question's list. */
const orders = new WeakMap();

export const ranks = {
  help: ({ extra }) => [howMany(extra), text("drawnOrder")].join(" "),

  fill(place, question, at, { order, entries }) {
    const list = fromTemplate("[data-ranks-template]").firstElementChild;
    orders.set(list, []);
    find("ol", list).append(...order.map((i) => drawName(list, question, i, entries[i])));
    place.append(list);
    if (question.extra.blank) place.append(drawBlank(at, () => rank(list, question, [])));
    redraw(list, question);
  },

  /** A rank for each answer, 0 for those without; all zeros is blank. Null where nothing is ranked. */
  read({ answers, extra }, at, form) {
    const order = orders.get(find(`[data-question="${at}"] [data-ranks]`, form));
    if (order.length === 0 && !(extra.blank && isBlank(at, form))) return null;
    return answers.map((_answer, i) => order.indexOf(i) + 1);
  },

  complaint: ({ extra }) => text(extra.blank ? "rankOrBlank" : "rankOne"),
};

function howMany({ seats }) {
  if (seats === undefined) return text("rankThem");
  return seats === 1 ? text("rankForOne") : text("rankForSeats", { seats });
}

function drawName(list, question, i, entry) {
  const row = fromTemplate("[data-rank-template]").firstElementChild;
  row.dataset.answer = i;
  find("[data-name]", row).textContent = question.answers[i];
  find("[data-entry]", row).textContent = entry === undefined ? "" : text("entry", { number: entry });
  const press = (selector, change) =>
    find(selector, row).addEventListener("click", () => {
      takeBlankBack(list.closest("[data-question]"));
      rank(list, question, change(orders.get(list)));
    });
  press("[data-rank]", (order) => (order.includes(i) ? order.filter((other) => other !== i) : [...order, i]));
  press("[data-up]", (order) => moved(order, i, -1));
  press("[data-down]", (order) => moved(order, i, 1));
  return row;
}

/** *i* and its neighbour change places; at the end nothing happens. */
function moved(order, i, by) {
  const [from, to] = [order.indexOf(i), order.indexOf(i) + by];
  if (to < 0 || to >= order.length) return order;
  return order.map((other, at) => (at === from ? order[to] : at === to ? i : other));
}

function rank(list, question, order) {
  orders.set(list, order);
  redraw(list, question);
}

function redraw(list, { answers }) {
  const order = orders.get(list);
  for (const row of list.querySelectorAll("[data-answer]")) drawRank(row, order, answers);
  const said = order.map((i, at) => text("ranked", { rank: at + 1, name: answers[i] })).join(" · ");
  find("[data-order]", list).textContent = said === "" ? text("nothingRanked") : said;
}

function drawRank(row, order, answers) {
  const i = Number(row.dataset.answer);
  const place = order.indexOf(i);
  const isRanked = place >= 0;
  const name = answers[i];
  const button = find("[data-rank]", row);
  button.setAttribute("aria-pressed", isRanked);
  find("[data-place]", row).textContent = isRanked ? place + 1 : "";
  find("[data-said]", row).textContent = isRanked ? text("saidRank", { rank: place + 1 }) : text("saidUnranked");
  for (const [selector, sentence, isEnd] of [
    ["[data-up]", "moveUp", place === 0],
    ["[data-down]", "moveDown", place === order.length - 1],
  ]) {
    const mover = find(selector, row);
    mover.hidden = !isRanked;
    mover.setAttribute("aria-label", text(sentence, { name }));
    mover.setAttribute("aria-disabled", isEnd);
  }
}
