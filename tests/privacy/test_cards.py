"""The policy says what the settings say, and fits on a card whatever somebody agreed to."""

from dataclasses import asdict, replace
from datetime import UTC, datetime

from discord import ui

from bot.privacy.rules import Periods
from bot.privacy.service import Held, Place, PolicyView
from bot.privacy.views import ConsentView
from bot.settings import Settings
from cogs.privacy.cards import delete_card, policy_card

SINCE = datetime(2026, 1, 5, tzinfo=UTC)


def text_of(view: ui.LayoutView) -> str:
    return "\n".join(item.content for item in view.walk_children() if isinstance(item, ui.TextDisplay))


def test_every_number_of_the_policy_is_the_operators() -> None:
    odd = Periods(**{name: 211 + number for number, name in enumerate(Periods.__slots__)})
    shown = text_of(policy_card(PolicyView(odd, "privacy@example.org", ())))
    for days in asdict(odd).values():
        assert f"{days} days" in shown
    assert "privacy" in shown
    assert "example.org" in shown


def test_the_defaults_are_those_of_the_settings() -> None:
    for name, days in asdict(Periods()).items():
        assert Settings.model_fields[f"keep_{name}_days"].default == days


def test_many_consents_leave_the_policy_whole() -> None:
    one = ConsentView("A community with *quite* a long name, for sure", "introductions", SINCE, "1")
    view = PolicyView(Periods(), None, (one,) * 60)
    shown = text_of(policy_card(view))
    assert len(shown) <= 4000
    assert "and 50 more" in shown
    assert text_of(policy_card(replace(view, consents=()))).splitlines()[:9] == shown.splitlines()[:9]


def test_where_to_delete_is_offered_only_where_one_is() -> None:
    held = Held((Place(1, "One"), Place(2, "Two")), anything=True)
    for here, offered in ((1, ["Delete me in One"]), (3, []), (None, [])):
        rows = delete_card(7, held, here, 180).to_components()[0]["components"]
        labels = [one["label"] for row in rows if row["type"] == 1 for one in row["components"]]
        assert labels == [*offered, "Delete me everywhere"]
