"""The sentences of the introductions: refusals, reasons, differences and outcomes."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "intro_needs_both": N_(
        "Two things first, so that I can find someone who fits: join a niche with `/niche join`, and tell me "
        "your city with `/profile timezone`. Then `/intro join` again."
    ),
    "intro_needs_niche": N_(
        "One thing first: join at least one niche with `/niche join`, so that you have something to talk "
        "about. Then `/intro join` again."
    ),
    "intro_needs_zone": N_(
        "One thing first: tell me your city with `/profile timezone`, so that I suggest times when you are "
        "awake. Then `/intro join` again."
    ),
    "intro_avoid_self": N_("That is you. Choose the person you would rather not be introduced to."),
    "intro_over": N_("That introduction is no longer stored. `/intro next` shows where you stand."),
    "intro_ended": N_("This introduction has ended. `/intro next` tells you when the next round is."),
    "intro_slot_past": N_("That time is no longer free for all of you. Choose another from the menu."),
    "intro_slot_turns": N_("You changed the time a few times now. Agree on the next one with each other."),
    "intro_no_step": N_("You are at a video call already. That is as far as I suggest."),
    "intro_not_met": N_("Notes are for those you met. Press *Met* first, then write it."),
    "intro_no_lobby": N_(
        "There is no channel for rooms here. Write to each other by DM, or ask a moderator to choose one "
        "with `/kith setup`."
    ),
    "intro_room_opening": N_("Your room is being opened this very moment. Press again in a minute."),
    "intro_room_full": N_(
        "Too many threads are open in this server right now. Write to each other by DM; the room may work "
        "later."
    ),
    "intro_room_forbidden": N_(
        "I may not open private threads here. Write to each other by DM, or ask a moderator to let me."
    ),
    "intro_room_partner": N_(
        "I could not bring all of you into a room: somebody left the server or cannot see the channel. Write "
        "to each other by DM instead."
    ),
}

FORMS = {
    "text": N_("Write to each other first; a chat at your own pace suits both of you."),
    "voice": N_("A short call without a camera suits both of you."),
    "video": N_("A short video call suits both of you."),
    "group": N_("You are a small group this time: a short call together suits all of you."),
    "roundtable": N_("A small round with someone who has walked the road: bring one question each."),
}

REASONS = {
    "niche": N_("You share {values}."),
    "direction": N_("You are headed the same way: {values}."),
    "stack": N_("Your work fits together: {values}."),
    "peer": N_("You are at a similar point: {values}."),
    "background": N_("You work in different ways: {values}."),
    "new": N_("You have not been introduced before."),
}

OUTCOMES = {
    "met": N_("Lovely, noted as met. I will find you someone new next time."),
    "not_yet": N_("Noted: not yet. There is no hurry, and this button stays here."),
    "did_not_happen": N_("Noted: it didn't happen. That is all right; the next round brings someone else."),
    "not_a_fit": N_(
        "Noted, only for you. I will never introduce you to each other again, and nobody is told, ever."
    ),
}

OUTCOMES_ASKED = ("met", "not_yet", "did_not_happen", "not_a_fit")

OUTCOME_NAMES = {
    "met": N_("Met"),
    "not_yet": N_("Not yet"),
    "did_not_happen": N_("It didn't happen"),
    "not_a_fit": N_("Not a fit"),
}

AGREEMENTS = {
    "no": N_("No, not yet"),
    "week": N_("In one week"),
    "fortnight": N_("In two weeks"),
    "month": N_("In a month"),
}
