/** Figures as the page's language writes them. Rounded here, and nowhere before. */

import { decimal, NOTHING, whole } from "../../core/fractions.js";
import { text } from "../_shared/page.js";

const HUNDRED = whole(100);
const UNBROKEN = "\u00a0";
const MINUS = "\u2212";

/** Takes the marks of the page's language; gives functions of fractions. */
export function numbersIn({ decimal_mark: mark, thousands_mark: group }) {
  const written = (digits) => {
    const [full, part] = digits.replace("-", MINUS).split(".");
    const grouped = full.replace(/\B(?=(\d{3})+$)/g, group);
    return part === undefined ? grouped : `${grouped}${mark}${part}`;
  };
  const percent = (rate) => text("percent", { number: written(trimmed(decimal(rate.times(HUNDRED), 2))) }).replace(" ", UNBROKEN);
  const money = (amount) => written(decimal(amount, 2));
  return {
    percent,
    money,
    round: (amount) => written(decimal(amount, amount.isOver(whole(1000)) ? 0 : 2)),
    signedPercent: (rate) => signed(rate, percent),
    signedMoney: (amount) => signed(amount, money),
  };
}

const signed = (value, write) => (value.isOver(NOTHING) ? `+${write(value)}` : write(value));

/** Without decimals that say nothing. */
const trimmed = (digits) => digits.replace(/\.?0+$/, "");
