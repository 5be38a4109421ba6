"""The longer texts of `/help` and `/stop`."""

from __future__ import annotations

from typing import Final

from bot.core.text import N_

# What a member can do, in the order in which they need it.
HELP: Final[tuple[tuple[str, str], ...]] = (
    ("/profile edit", N_("say what you do, what you offer and what you look for")),
    ("/niche browse", N_("join the subjects you work on")),
    ("/niche suggest", N_("ask for a subject that is missing")),
    ("/find", N_("look for members by what they know and do")),
    ("/intro join", N_("be introduced to someone who fits, with reasons")),
    ("/intro history", N_("the people you were introduced to here")),
    ("/vouch", N_("say something kind about someone you met here")),
    ("/circle", N_("the people you met, in a private diary that only you see")),
    ("/checkin start", N_("plan and look back on your week, at your own hour")),
    ("/pod join", N_("three to five people who follow each other's weeks")),
    ("/gig post", N_("offer paid work to members; every gig is checked for scams")),
    ("/gig browse", N_("paid work on the board")),
    ("/gig alerts", N_("hear of new gigs that fit you, once a day at most")),
    ("/gig rates", N_("what people here are paid, without names")),
    ("/inbox", N_("whatever could not reach you by DM")),
    ("/gig check", N_("check any offer for signs of a scam")),
    ("/stop", N_("end every message from me")),
    ("/privacy policy", N_("what I keep about you; take it along or delete it")),
)

STOP: Final = N_(
    "I will send you nothing more, in any community: no introductions, check-ins or answers to gigs. "
    "Gigs of yours that are still open leave the board, and whoever applied is told. "
    "You no longer show up in /find. Your profile stays as it is. You can join again whenever you like."
)

STOPPED: Final = N_(
    "You will not hear from me again unless you ask. To come back, use /intro join, /checkin start or "
    "/gig post in any community."
)
