/** The first page: the one thing to do now. */

import { sayIfVoted } from "./_ballots/voted.js";

sayIfVoted();
