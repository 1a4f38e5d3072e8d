/** The first page: the one thing to do now. Who has voted sees what comes next in its colour. */

import { sayIfVoted } from "./_ballots/voted.js";
import { keepForOffline } from "./_shared/offline.js";

sayWhatIsNow();
keepForOffline();
document.addEventListener("renewed", sayWhatIsNow);

async function sayWhatIsNow() {
  if (await sayIfVoted()) document.querySelector("[data-then]")?.classList.add("now");
}
