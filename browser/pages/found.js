/** Founding: the one-time link of the terminal becomes entry 1. */

import { exchangeSecret } from "./_shared/exchange.js";
import { enrol } from "./_shared/enrol.js";
import { start } from "./_shared/page.js";

start(exchangeSecret);
start(enrol);
