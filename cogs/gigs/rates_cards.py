"""What members see of rates: coarse bands, from how many at least, and what is kept of their own answer."""

from __future__ import annotations

from discord import ui

from bot.core.text import _
from bot.edge.kit import button, card, safe
from bot.gigs.rate_rules import LEAST, Rate
from bot.gigs.rates import RatesView, Volunteered
from bot.gigs.regions import REGIONS
from bot.people.catalogue import load_catalogue
from cogs.gigs.common import names, pay

_HUNDRED = 100


def rates(view: RatesView) -> ui.LayoutView:
    """What people here are paid for a skill, or that there are too few to say."""
    title = _("What {skill} pays in {community}").format(
        skill=_skill(view.skill), community=safe(view.community_name, 100)
    )
    add = button(_("Add what you are paid"), "gig.rate", view.skill, style="main")
    asked = _about(view.stage, view.region)
    if not view.rates:
        return card(
            title,
            _("Looked for: {wish}").format(wish=asked) if asked else "",
            _(
                "There are fewer than {least} people to tell from yet, in any one currency and unit. With so "
                "few one could guess who is paid what, so I show nothing."
            ).format(least=LEAST),
            _("Every gig that is filled here counts, and so does what you add; your name is not kept."),
            actions=[add],
        )
    return card(
        title,
        _("Looked for: {wish}").format(wish=asked) if asked else "",
        "\n".join(_line(view, rate) for rate in view.rates),
        "-# " + _(
            "The middle half, in coarse bands, of what filled gigs here said they pay and of what members "
            "added without their name, in the last two years. Never from fewer than {least} people."
        ).format(least=LEAST),
        actions=[add],
    )  # fmt: skip


def thanks(kept: Volunteered) -> ui.LayoutView:
    """What is kept of somebody's answer."""
    return card(
        _("Thank you"),
        _("Kept: {pay}, for {skill}{about}.").format(
            pay=pay(kept.low * _HUNDRED, kept.high * _HUNDRED, kept.currency, kept.per),
            skill=_skill(kept.skill),
            about="".join(f" · {part}" for part in _parts(kept.stage, kept.region)),
        ),
        _(
            "No name is kept with it, only the month. So nobody can find it again as yours: I cannot either, "
            "and cannot take it back."
        ),
        tone="good",
    )


def _line(view: RatesView, rate: Rate) -> str:
    """One figure: the band, from how many, and whom it is about where that is more than was asked for."""
    band = pay(rate.low * _HUNDRED, rate.high * _HUNDRED, rate.currency, rate.per)
    line = "- " + _("**{band}** · from {count} people or more").format(band=band, count=rate.count)
    if (rate.stage, rate.region) == (view.stage, view.region):
        return line
    if rate.stage or not view.stage:  # only the region was dropped
        text, wish = _("every region: too few in {wish} alone"), _region(view.region)
    else:
        text, wish = _("every stage and region: too few for {wish} alone"), _about(view.stage, view.region)
    return f"{line}\n-# {text.format(wish=wish)}"


def _about(stage: str, region: str) -> str:
    return " · ".join(_parts(stage, region))


def _parts(stage: str, region: str) -> list[str]:
    named = [names(load_catalogue().stages, (stage,)) if stage else "", _region(region) if region else ""]
    return [part for part in named if part]


def _region(region: str) -> str:
    return _(REGIONS[region])


def _skill(slug: str) -> str:
    return names(load_catalogue().skills, (slug,))
