/** The minutes: a button that prints them. */

document.querySelector("[data-print]").addEventListener("click", () => print());
