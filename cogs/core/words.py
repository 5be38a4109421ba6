"""The longer texts of `/help` and `/stop`."""

from __future__ import annotations

from typing import Final

from bot.core.text import N_

# What a member can do, in the order in which they need it.
HELP: Final[tuple[tuple[str, str], ...]] = (
    ("/profile edit", N_("say what you do, what you offer and what you look for")),
    ("/niche browse", N_("join the subjects you work on")),
    ("/find", N_("find people by niche, skill and direction")),
    ("/intro join", N_("be introduced to someone who fits, with reasons")),
    ("/circle", N_("the people you met here, and the next step with each")),
    ("/checkin start", N_("plan and look back on your week, at your own hour")),
    ("/gig browse", N_("paid work from members, checked for scams")),
    ("/inbox", N_("whatever could not reach you by DM")),
    ("/privacy policy", N_("what is kept about you; export or delete it at any time")),
    ("/stop", N_("end every message from me")),
)

STOP: Final = N_(
    "I will send you nothing more, in any community: no introductions, check-ins or alerts. "
    "Your profile stays until you delete it with /privacy delete. You can join again whenever you like."
)

STOPPED: Final = N_(
    "You will not hear from me again unless you ask. To come back, use /intro join, /checkin start or "
    "/gig alerts in any community."
)
