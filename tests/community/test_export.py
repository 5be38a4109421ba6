"""An export: what members show, counts, and no formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.community.export import as_csv, cell
from bot.community.service import CommunityService
from bot.community.views import Table
from bot.core.clock import TurnedClock
from bot.core.store import Store
from bot.people.service import PeopleService, ProfileEdit, Who
from cogs.community.overview import in_messages

MIA = Who(1, "Data Collective", 10, "Mia")


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "  =cmd()", "\r=1"])
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert cell(text) == "'" + text


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [cell(value) for value in (-3, 2.5, None, "a-b", ("x", "y"), "")] == [
        "-3",
        "2.5",
        "",
        "a-b",
        "x; y",
        "",
    ]


@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_whatever_is_in_a_cell_the_file_keeps_its_shape(row: list[str]) -> None:
    (file,) = as_csv(Table("t", ("a", "b"), (row,)))
    found = read(file)
    assert [len(one) for one in found] == [2, 2]
    assert not any(one.lstrip(" ").startswith(("=", "+", "-", "@", "\t")) for one in found[1])


def test_no_row_is_left_out_however_long_a_table_is() -> None:
    rows = tuple((f"Zoë {number} " + "ї" * 40, number) for number in range(100))
    files = as_csv(Table("t", ("name", "number"), rows), most=2000)
    assert len(files) > 1
    assert all(len(file) <= 2000 for file in files)  # bytes, not letters
    headers, bodies = zip(*((read(file)[0], read(file)[1:]) for file in files), strict=True)
    assert set(map(tuple, headers)) == {("name", "number")}
    assert [int(row[1]) for body in bodies for row in body] == list(range(100))


def test_one_message_holds_what_discord_takes() -> None:
    files = [(f"{number}.csv", b"x" * 4) for number in range(12)]
    assert [len(some) for some in in_messages(files)] == [10, 2]
    assert [len(some) for some in in_messages(files, most=9)] == [2] * 6
    assert [one for some in in_messages(files, most=1) for one in some] == files


async def test_only_those_who_let_themselves_be_found_with_what_they_show(
    store: Store, clock: TurnedClock
) -> None:
    people = PeopleService(store, clock)
    community = CommunityService(store, clock, people)
    for number, (name, listed) in enumerate((("Ana", True), ("Ben", False), ("=Cleo", True))):
        who = Who(1, "Data Collective", 20 + number, name)
        edit = ProfileEdit(
            headline=f"{name} forecasts", stage="building", comfort="video",
            visibility={"stage": "nobody"} if name == "Ana" else None,
        )  # fmt: skip
        await people.edit_profile(who, edit, listed=listed)
    files = dict(await community.export.write(MIA))
    header, *rows = read(files["members.csv"])
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(one["name"], one["stage"]) for one in found] == [("Ana", ""), ("'=Cleo", "building")]
    assert "comfort" not in header
    assert b"Ben" not in b"".join(files.values())
    page = await community.audit.page(MIA)
    assert [entry.action for entry in page.entries] == ["exported"]
