"""Forms keep Discord's limits and are read back as they were filled in."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.edge.fields import checks_field, choice_field, choices_field, read_values, text_field
from bot.edge.forms import FormModal

OPTIONS = [(f"Option {n}", f"o{n}", f"about {n}") for n in range(30)]


@given(st.text(max_size=300), st.text(max_size=6000), st.integers(0, 30))
def test_any_text_makes_a_form_within_the_limits(label: str, value: str, count: int) -> None:
    options = OPTIONS[: max(1, count)]
    fields = [
        text_field("a", label, max=200, value=value, placeholder=label, description=value),
        text_field("b", label, max=9000, value=value, long=True, required=False),
        choice_field("c", label, options, value="o1"),
        choices_field("d", label, options, max=3, values=[o[1] for o in options], required=False, min=0),
        checks_field("e", label, options, values=["o0", "gone"], max=2),
    ]
    payload = FormModal("test", "s:1", label, fields).to_dict()
    assert 1 <= len(payload["title"]) <= 45
    assert len(payload["custom_id"]) <= 100
    a, b, c, d, e = [one["component"] for one in payload["components"]]
    assert all(1 <= len(one["label"]) <= 45 for one in payload["components"])
    assert all(len(one.get("description", "")) <= 100 for one in payload["components"])
    assert len(a.get("value", "")) <= 200
    assert b["max_length"] <= 4000
    assert c["type"] == (21 if 2 <= len(options) <= 10 else 3)
    assert sum(one.get("default", False) for one in d["options"]) <= d["max_values"] <= len(d["options"])
    assert len(e["options"]) <= 10
    assert e["max_values"] <= len(e["options"])


def test_a_filled_form_is_read_by_field_name_even_after_a_restart() -> None:
    fields = [choice_field("few", "F", OPTIONS[:3]), choice_field("many", "M", OPTIONS[:20])]
    ids = [
        one["component"]["custom_id"] for one in FormModal("test", "", "T", fields).to_dict()["components"]
    ]
    sent: list[dict[str, Any]] = [
        {"type": 18, "component": {"type": 4, "custom_id": "text", "value": "hello"}},
        {"type": 18, "component": {"type": 21, "custom_id": ids[0], "value": "o1"}},
        {"type": 18, "component": {"type": 3, "custom_id": ids[1], "values": ["o12"]}},
        {"type": 18, "component": {"type": 3, "custom_id": "several", "values": ["o1", "o2"]}},
        {"type": 18, "component": {"type": 22, "custom_id": "ticks", "values": []}},
        {"type": 18, "component": {"type": 21, "custom_id": "unset", "value": None}},
        {"type": 10},
    ]
    assert read_values(sent) == {
        "text": "hello",
        "few": "o1",
        "many": "o12",
        "several": ["o1", "o2"],
        "ticks": [],
        "unset": "",
    }


def test_a_form_is_never_kept_in_memory_and_each_has_its_own_id() -> None:
    one, two = (FormModal("test", "", "T", [text_field("a", "A")]) for _time in range(2))
    assert one.is_finished()
    assert one.custom_id != two.custom_id


@pytest.mark.parametrize("count", [0, 6])
def test_a_form_has_one_to_five_fields(count: int) -> None:
    with pytest.raises(ValueError, match="fields"):
        FormModal("test", "", "T", [text_field(f"f{n}", "L") for n in range(count)])
