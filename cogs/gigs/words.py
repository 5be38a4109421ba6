"""What members read when something about a gig needs mending."""

from bot.core.text import N_

SENTENCES = {
    "gig_no_board": N_("This server has no gig channel yet. A moderator can choose one with /kith setup."),
    "gig_kind": N_("Please choose what kind of gig it is."),
    "gig_title": N_("Please give it a title of {least} to {most} characters; this one has {length}."),
    "gig_description": N_(
        "Please describe the work in {least} to {most} characters; there are {length} so far."
    ),
    "gig_budget_length": N_("Please keep the budget to {most} characters."),
    "gig_terms": N_("Please keep niches and hours to {most} characters."),
    "gig_pitch": N_(
        "Please write {least} to {most} characters, so that the poster can tell who you are; "
        "there are {length}."
    ),
    "gig_budget_missing": N_("Please name what it pays, such as “{example}”, “$1.5k fixed” or “£300 a day”."),
    "gig_budget_currency": N_("In which currency? For example “{example}”."),
    "gig_budget_two_currencies": N_("Please use one currency, for example “{example}”."),
    "gig_budget_amount": N_("That amount cannot be right. For example “{example}”."),
    "gig_budget_unpaid": N_("Gigs here are paid in money. Please name an amount, such as “{example}”."),
    "gig_budget_equity": N_(
        "A share alone is not a budget here. Please name an amount too, such as “{example}”."
    ),
    "gig_budget_contest": N_(
        "Contests pay one and let the others work for nothing. "
        "Please offer a fixed amount, such as “{example}”."
    ),
    "gig_already_posted": N_("You posted this one already and it is still open. See it with /gig mine."),
    "gig_gone": N_("This gig is no longer here."),
    "gig_closed": N_("This gig is closed by now. /gig mine shows your own; new ones are on the board."),
    "gig_own": N_("This is your own gig. Manage it with /gig mine."),
    "gig_interest_again": N_(
        "The poster has your pitch already. You will hear from me as soon as they answer."
    ),
    "moderators_only": N_("Only moderators of this server can decide that."),
}

KINDS = {
    "hire": N_("Hire: I need someone"),
    "subcontract": N_("Subcontract: I share a client's work"),
    "scoping": N_("Scoping call: paid advice"),
    "partner": N_("Partner up: build something together"),
}

STATES = {
    "queued": N_("waiting for the moderators"),
    "held": N_("held for the moderators"),
    "live": N_("open"),
    "filled": N_("filled"),
    "withdrawn": N_("withdrawn"),
    "refused": N_("not accepted"),
    "expired": N_("expired"),
}
