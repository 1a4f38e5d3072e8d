"""A member learns what the offers mean for their own pay, and nobody else learns what it is."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.belonging import sign_in
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared
from journeys.server import Server

pytestmark = pytest.mark.journey

People = Callable[..., Person]
OURS = {"raises": ("9", "6", "6", "6"), "steps": "RN 3: 48.20\nRN 4: 52.125", "lump_sums": ""}
THEIRS = {"raises": ("0", "0", "5", "16.5"), "steps": "", "lump_sums": "2026-11-01: 1,500\nyear 2: 500.50"}


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("offer"))
    yield server
    if server.process is not None:
        server.stop()


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def a_contract(page: Page) -> str:
    page.goto("/bargaining/contracts/new/")
    page.get_by_label("What is it called?").fill("Nurses")
    page.get_by_label("Employer").fill("Harbor General")
    page.get_by_label("Our side").fill("Local 7")
    send(page, "Save")
    expect(page.get_by_role("heading", name="Nurses")).to_be_visible()
    return page.url


def an_article(page: Page, contract: str, number: str, title: str) -> str:
    page.goto(f"{contract}articles/new/")
    page.get_by_label("Its number").fill(number)
    page.get_by_label("What is it about?").fill(title)
    send(page, "Save")
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return page.url


def put_forward(page: Page, article: str, side: str, *, raises: tuple[str, ...], **numbers: str) -> None:
    page.goto(f"{article}propose/")
    page.get_by_label(f"{side} put it forward").check()
    page.get_by_label("The words").fill(f"Wages rise by {'; '.join(raises)} percent.")
    page.get_by_label("The term starts on").fill("2026-10-01")
    page.get_by_label("The term ends on").fill("2030-10-01")
    lines = "\n".join(f"year {year}: {rate} %" for year, rate in enumerate(raises, 1))
    page.get_by_label("Raises, one a line").fill(lines)
    page.get_by_label("Money paid once, one a line").fill(numbers.get("lump_sums", ""))
    page.get_by_label("Steps of pay, one a line").fill(numbers.get("steps", ""))
    send(page, "Save")
    expect(page.get_by_role("heading", name="Every version")).to_be_visible()


@pytest.fixture(scope="module")
def wages(server: Server, prepared: Prepared, browser: object) -> str:
    """The address of an article with offers of both sides, 31 before 27 among them."""
    with Person.sit_down(browser, "Organiser", server.url, viewport=LAPTOP) as ada:  # type: ignore[arg-type]
        sign_in(ada, prepared.words[1])
        article = an_article(ada.page, a_contract(ada.page), "12", "Wages")
        put_forward(ada.page, article, "We", raises=("10", "7", "7", "7"))
        put_forward(ada.page, article, "They", **THEIRS)  # type: ignore[arg-type]
        put_forward(ada.page, article, "We", **OURS)  # type: ignore[arg-type]
    return article


@pytest.fixture
def reader(person: People, prepared: Prepared, wages: str) -> Person:
    """A member with the page open, on a phone."""
    cleo = person("Reader")
    sign_in(cleo, prepared.words[3])
    cleo.page.goto(wages)
    cleo.page.get_by_role("link", name="What they mean for my pay").click()
    expect(cleo.page.get_by_label("Your pay now")).to_be_visible()
    return cleo


def row(page: Page, label: str) -> Locator:
    return page.get_by_role("row", name=re.compile(f"^{label}")).get_by_role("cell")


def type_pay(page: Page, pay: str, unit: str = "an hour") -> None:
    page.get_by_label("For", exact=True).select_option(unit)
    page.get_by_label("Your pay now").fill(pay)
    page.get_by_label("Your pay now").blur()


def requests_of(person: Person, since: int) -> list[tuple[str, str, bytes]]:
    """All but the page's own files, whose addresses nobody chooses."""
    return [
        (each.method, each.url, each.body) for each in person.sent[since:] if "/static/ui/" not in each.url
    ]


def test_a_member_sees_what_each_offer_means_for_their_pay(reader: Person) -> None:
    page = reader.page

    type_pay(page, "48.20")

    expect(page.get_by_text("27 % as it is named; 29.82 % compounded.")).to_be_visible()
    expect(page.get_by_text("21.5 % as it is named; 22.32 % compounded.")).to_be_visible()
    expect(page.locator(".figure")).to_have_text(["62.57", "58.96"])
    expect(row(page, "End of year 1")).to_have_text(["52.54", "48.20"])
    expect(row(page, "Keeps up with")).to_have_text(["6.74 %", "5.17 %"])
    expect(row(page, "Against prices of 2021 to 2025")).to_have_text(
        [re.compile(r"^\+9\.27\s%"), re.compile(r"^\+2\.96\s%")]
    )
    expect(row(page, "Of the raise, in the last year")).to_have_text(
        [re.compile(r"^24\.64\s%"), re.compile(r"^77\.6\s%")]
    )
    expect(row(page, "Over the term")).to_have_text([re.compile(r"^\+"), re.compile("^\N{MINUS SIGN}")])
    expect(row(page, "Paid once, apart")).to_have_text(["–", "2,000.50"])
    expect(page.get_by_role("img", name="The pay year by year")).to_contain_text("They58.96")
    reader.check()


def test_nothing_that_is_typed_leaves_the_page(reader: Person) -> None:
    page = reader.page
    before = len(reader.sent)
    address = page.url

    type_pay(page, "48.20")
    type_pay(page, "96,400.50", "a year")
    page.get_by_label("Your pay now").press("Enter")
    page.get_by_label("Show what each side said before, too").check()
    page.locator("summary", has_text="Prices:").click()
    page.get_by_label("Prices of your area").select_option(
        "CPI-U, San Francisco-Oakland-Hayward (ABAG means)"
    )
    page.get_by_label("From").select_option("2019")
    page.get_by_label("Your guess a year").fill("3 %")
    page.get_by_label("Your step").select_option("RN 4: 52.125")
    expect(row(page, "If prices rise by 3 % each year")).to_have_count(3)

    assert requests_of(reader, before) == []
    assert page.url == address
    kept = "() => [...Object.values(localStorage), ...Object.values(sessionStorage), document.cookie].join()"
    assert "52.125" not in page.evaluate(kept)
    page.reload()
    expect(page.get_by_label("Your pay now")).to_have_value("")
    # Once more where the worker of the first page passes it on.
    assert set(requests_of(reader, before)) == {("GET", address, b"")}


def test_pay_with_two_readings_is_asked_about(reader: Person) -> None:
    page = reader.page
    page.get_by_label("For", exact=True).select_option("a year")

    page.get_by_label("Your pay now").fill("96,400")

    expect(page.get_by_text("This can be read in two ways. Which one do you mean?")).to_be_visible()
    expect(page.locator(".figure").first).to_have_text("+29.82 %")
    reader.check()
    page.get_by_role("button", name="96,400.00").click()
    expect(page.get_by_label("Your pay now")).to_have_value("96400.00")
    expect(page.locator(".figure").first).to_have_text("125,147.20")
    expect(page.get_by_text("This can be read in two ways.")).to_have_count(0)


@pytest.mark.parametrize(
    ("pay", "unit", "sentence"),
    [
        ("five", "an hour", "This is no pay. Write one number, like 48.20."),
        ("5 %", "an hour", "This is no pay. Write one number, like 48.20."),
        ("0.05", "an hour", "Nobody is paid that for an hour. Correct it, or choose “a year”."),
        ("96400", "an hour", "Nobody is paid that for an hour. Correct it, or choose “a year”."),
        ("48.20", "a year", "Nobody is paid that for a year. Correct it, or choose “an hour”."),
    ],
)
def test_what_is_no_pay_says_one_clear_sentence(reader: Person, pay: str, unit: str, sentence: str) -> None:
    type_pay(reader.page, pay, unit)

    expect(reader.page.get_by_text(sentence)).to_be_visible()
    expect(reader.page.locator(".figure").first).to_have_text("+29.82 %")


def test_a_guess_with_two_readings_and_a_window_without_years_are_said_kindly(reader: Person) -> None:
    page = reader.page
    page.locator("summary", has_text="Prices:").click()

    page.get_by_label("Your guess a year").fill("0.05")
    page.get_by_role("button", name="5 %", exact=True).click()
    expect(page.get_by_label("Your guess a year")).to_have_value("5.00 %")
    expect(row(page, "If prices rise by 5 % each year")).to_have_count(2)
    page.get_by_label("From").select_option("2024")
    expect(page.get_by_text("Years of prices: 1. Years of the offer: 4.")).to_have_count(2)
    page.get_by_label("To", exact=True).select_option("2020")

    expect(page.get_by_text("The first year comes before the last. Choose others.")).to_be_visible()


def test_prices_that_nobody_compared_are_marked_beside_every_figure(reader: Person) -> None:
    page = reader.page
    type_pay(page, "48.20")
    page.locator("summary", has_text="Prices:").click()

    page.get_by_label("Prices of your area").select_option("cpi-u-los-angeles")

    marked = re.compile("prices not checked$")
    expect(row(page, "Against prices of 2018 to 2022")).to_have_text([marked, marked])
    expect(row(page, "The last pay in today")).to_have_text([marked, marked])
    expect(page.get_by_role("img", name="The pay year by year")).to_contain_text("prices not checked")
    expect(page.get_by_text("Nobody has compared these figures")).to_be_visible()
    reader.check()


def test_a_step_of_the_scale_fills_in_the_pay(reader: Person) -> None:
    page = reader.page

    page.get_by_label("Your step").select_option("RN 4: 52.125")

    expect(page.get_by_label("Your pay now")).to_have_value("52.1250")
    expect(page.get_by_text("If that is not what you are paid now, change it.")).to_be_visible()
    expect(page.locator(".figure").first).to_have_text("67.67")


def test_without_javascript_the_page_names_the_articles(
    person: People, prepared: Prepared, wages: str, reader: Person
) -> None:
    plain = person("Without JavaScript", java_script_enabled=False)
    plain.context.add_cookies(reader.context.cookies())  # type: ignore[arg-type]

    plain.page.goto(reader.page.url)

    expect(plain.page.locator("noscript p")).to_contain_text("Without JavaScript this page cannot reckon")
    expect(plain.page.get_by_label("Your pay now")).to_be_hidden()
    assert wages.endswith(str(plain.page.locator("noscript a").get_attribute("href")))
