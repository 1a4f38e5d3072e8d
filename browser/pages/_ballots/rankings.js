/** What a booth needs where answers are ranked or graded: loaded only there. */

export { grades } from "./grades.js";
export { ranks } from "./ranks.js";
