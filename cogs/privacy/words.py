"""The policy in plain words, what members agreed to, and what deleting means."""

from __future__ import annotations

from typing import Final

from bot.core.text import N_

PURPOSES: Final[dict[str, str]] = {
    "introductions": N_("introductions to other members"),
    "checkins": N_("weekly check-ins"),
    "gigs": N_("messages about gigs you posted or answered"),
    "alerts": N_("alerts you asked for"),
    "requests": N_("answers to what you asked for"),
    "directory": N_("being found by members of the server"),
}

# Heading and text; the numbers are filled in from the operator's settings.
POLICY: Final[tuple[tuple[str, str], ...]] = (
    (
        N_("What I keep, and why"),
        N_(
            "Your Discord id and name, language, city's time zone, and whether your DM is open: to write to "
            "you at the right time. What you type into my forms, for what the form says: your profile, "
            "introductions and how they went, check-ins, gigs and pitches, vouches, searches, reports. What "
            "you agreed to, and when. A record of what I sent you."
        ),
    ),
    (
        N_("Who sees it"),
        N_(
            "You decide for each part of your profile: members, your matches, or nobody. Check-ins and how "
            "an introduction went are yours alone. A pitch is for the poster of the gig, a report for the "
            "moderators. Moderators see neither pitches nor check-ins. What is private is stored encrypted. "
            "Whoever runs this copy of Kith can reach its database."
        ),
    ),
    (
        N_("What never happens"),
        N_(
            "I read no conversations. Nothing is sold, shared with advertisers or used to train anything. "
            "Nobody gets a score."
        ),
    ),
    (
        N_("How long"),
        N_(
            "Your profile and what you did: until you delete it. Forms that were refused: {drafts} days. "
            "Searches without an alert: {searches} days. The record of sent messages: {settled} days. "
            "Settled reports: {reports} days. That you agreed to something, after you took it back: "
            "{consents} days. A server that removes me: all of it is deleted after {left_community} days."
        ),
    ),
    (
        N_("Take it along, or delete it"),
        N_(
            "`/privacy export` gives you everything in two files. `/privacy delete` deletes it at once, here "
            "or everywhere. What is left then: reports you made, without your name and words; and where "
            "somebody asked never to be introduced to you, or moderators closed Kith for you, a keyed hash "
            "that only tells whether you came back. It goes after {marks} days. `/stop` ends every message "
            "and keeps your profile."
        ),
    ),
)

CONTACT: Final = N_("Questions about your data: {contact}")
NO_CONTACT: Final = N_("Questions about your data: ask the moderators of this server.")

GOES: Final = N_(
    "**This goes, at once and for good:** your profile, niches and their roles, consents, introductions, "
    "check-ins, gigs, pitches, vouches, searches, forms and every message that still waits. Your gigs leave "
    "the board, and whoever waits for an answer is told that the gig was removed. People you were introduced "
    "to are told only that the introduction has ended."
)

STAYS: Final = N_(
    "**This stays:** reports you made, without your name and words. Where somebody asked never to be "
    "introduced to you, or moderators closed Kith for you, a keyed hash for {marks} days. Messages that "
    "people wrote to you themselves are theirs and Discord's."
)
