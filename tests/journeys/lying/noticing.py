"""What a device remembers, what it says when it stops, and what it sent meanwhile."""

import json
from typing import Any
from urllib.parse import urlsplit

from journeys.people import Person
from journeys.voting import step

EMPTY_PAGE = "/static/ui/icon.svg"
WITH_MEMORY = """
async (deed) => {
  const opening = indexedDB.open("openfloor", 1);
  await new Promise((resolve, reject) => { opening.onsuccess = resolve; opening.onerror = reject; });
  const transaction = opening.result.transaction("values", "readwrite");
  const values = transaction.objectStore("values");
  const asked = deed.clear ? values.clear() : values.get(deed.get);
  await new Promise((resolve, reject) => { transaction.oncomplete = resolve; transaction.onerror = reject; });
  opening.result.close();
  return asked.result === undefined ? null : JSON.stringify(asked.result);
}
"""


def forget(person: Person) -> None:
    """The device keeps its key and nothing else, the host is honest again, and no request is counted yet."""
    person.context.unroute_all(behavior="ignoreErrors")
    person.page.goto(EMPTY_PAGE)
    person.page.evaluate(WITH_MEMORY, {"clear": True})
    person.sent.clear()


def kept(person: Person, key: str) -> Any:
    """A value that the device keeps, or None."""
    text = person.page.evaluate(WITH_MEMORY, {"get": key})
    return None if text is None else json.loads(text)


def alarm(person: Person) -> list[str]:
    """What the device found, once it has stopped."""
    step(person.page, "alarm")
    return person.page.locator("[data-findings] li").all_inner_texts()


def posted(person: Person) -> list[str]:
    """Where the device sent anything to."""
    return [urlsplit(one.url).path for one in person.sent if one.method == "POST"]
