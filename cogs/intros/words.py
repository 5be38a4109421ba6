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
}

FORMS = {
    "text": N_("Write to each other first; a chat at your own pace suits both of you."),
    "voice": N_("A short call without a camera suits both of you."),
    "video": N_("A short video call suits both of you."),
    "group": N_("You are three this time: a short call together suits all of you."),
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
}

OUTCOME_NAMES = {
    "met": N_("Met"),
    "not_yet": N_("Not yet"),
    "did_not_happen": N_("It didn't happen"),
}
