/** How much work a check is, in the time that one key takes to be checked: as measured in BELENIOS-2048 and Ed25519. */

/** Of a ballot paper with so many ciphertexts. */
export const workOfPaper = (choices) => 2 + 3.75 * choices;
