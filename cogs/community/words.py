"""The sentences of setup and the check-up, the names of what is checked, and the words of the record."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "manage_server_only": N_("This is for moderators: it needs the server permission “Manage Server”."),
    "setup_incomplete": N_("Choose a lobby first: `/kith setup lobby:`, or press *Create what is missing*."),
    "panel_unset": N_("There is no channel for the panel yet. Choose one with `/kith setup panel:`."),
    "panel_not_started": N_("The panel is posted when you press *Start*."),
    "panel_channel_gone": N_("The panel's channel was deleted. Choose another with `/kith setup panel:`."),
    "day_unknown": N_("That is not a day I know. Please pick one from the list."),
    "hour_unknown": N_("I could not read that hour. Please write it like 10 or 18:00, on the full hour."),
    "module_unknown": N_("That is no part of Kith I know. Please choose from the menu of `/kith setup`."),
    "board_gone": N_("There is no forum for gigs any more. Choose one with `/kith setup gigs:`."),
    "off_introductions": N_("This community does not use introductions. `/find` still finds its members."),
    "off_gigs": N_("This community does not use the gig board."),
    "off_checkins": N_("This community does not use check-ins and pods."),
    "off_digest": N_("The weekly numbers are off. `/kith setup` turns them on."),
}

CHECKS = {
    "chosen": N_("Channel chosen"),
    "seen_by_members": N_("Members can see it"),
    "only_kith_posts": N_("Only Kith posts"),
    "private": N_("Members cannot see it"),
    "dms": N_("Direct messages are on"),
    "role_order": N_("Kith's role is high enough"),
    "tags": N_("The forum has its tags"),
    "alone": N_("For moderators alone"),
}

# What each entry of the record says; `detail` and `about` (a member's name) stand where the braces are.
ACTIONS = {
    "setup.changed": N_("changed the setup: {detail}"),
    "modules.changed": N_("chose what Kith does here: {detail}"),
    "started": N_("pressed Start"),
    "paused": N_("paused every message"),
    "resumed": N_("let messages go out again"),
    "panel.posted": N_("posted the panel again"),
    "channels.created": N_("let Kith create channels: {detail}"),
    "tags.created": N_("let Kith add the tags of the gig board"),
    "exported": N_("took an export"),
    "round.run": N_("began round {detail} early"),
    "round.sent": N_("let round {detail} go"),
    "round.settings": N_("changed the settings of rounds: {detail}"),
    "holidays.changed": N_("changed the days without introductions"),
    "digest.on": N_("turned the digest of check-ins on"),
    "digest.off": N_("turned the digest of check-ins off"),
    "member.barred": N_("closed Kith for {about}: {detail}"),
    "member.unbarred": N_("opened Kith for {about} again"),
    "report.settled": N_("settled a report: {detail}"),
    "niche.accepted": N_("accepted a niche: {detail}"),
    "niche.refused": N_("refused a niche: {detail}"),
    "niche.merged": N_("merged niches: {detail}"),
    "niche.renamed": N_("renamed a niche: {detail}"),
    "niche.imported": N_("made a role a niche: {detail}"),
    "niche.roles": N_("set from how many members on a niche has a role: {detail}"),
    "gigs.channel.add": N_("put a channel on the gig board: {detail}"),
    "gigs.channel.remove": N_("took a channel off the gig board: {detail}"),
    "gig.approved": N_("approved a gig: {detail}"),
    "gig.change": N_("asked for a change to a gig: {detail}"),
    "gig.refused": N_("refused a gig: {detail}"),
    "gig.removed": N_("took a gig off the board: {detail}"),
    "gig.remembered": N_("let the words of a gig be held: {detail}"),
    "gig.forgotten": N_("let the words of a gig be forgotten: {detail}"),
    "left": N_("Kith was removed from the server"),
    "returned": N_("Kith was added to the server again"),
}
NOBODYS = frozenset({"left", "returned"})

SETTINGS = {
    "city": N_("city"),
    "day": N_("day"),
    "hour": N_("hour"),
    "lobby": N_("lobby"),
    "gigs": N_("gig board"),
    "moderators": N_("moderators' channel"),
    "panel": N_("panel"),
}

REPORTS = {
    "nothing": N_("nothing to do"),
    "talked": N_("talked with the member"),
    "barred": N_("closed Kith for the member"),
}

# What was to be done, in words; a kind that is not here is named by its feature.
KINDS = {
    "start.panel": N_("the panel for new members"),
    "community.hello": N_("my first message"),
    "community.week": N_("the weekly numbers"),
    "community.setback": N_("a word about a missing permission"),
    "community.digest": N_("the digest of check-ins"),
    "intro.room": N_("what a member asked for, such as a room"),
    "gig.post": N_("a gig"),
    "gig.review": N_("a gig that waits for you"),
    "gig.reminder": N_("a word about gigs that wait"),
    "safety.report": N_("a report"),
    "round.ready": N_("a round that waits for your yes"),
    "round.report": N_("the report of a round"),
    "pod.thread": N_("a pod's thread"),
    "pod.digest": N_("a pod's digest"),
    "pod.welcome": N_("a pod's welcome"),
    "niche.suggested": N_("a suggested niche"),
}
FEATURES = {
    "intro": N_("introductions"),
    "round": N_("introductions"),
    "gig": N_("gigs"),
    "checkin": N_("check-ins"),
    "commitment": N_("check-ins"),
    "help": N_("check-ins"),
    "pod": N_("pods"),
    "niche": N_("niches"),
    "safety": N_("reports"),
    "vouch": N_("vouches"),
    "find": N_("searches"),
}
