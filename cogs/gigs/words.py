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
    "gig_terms": N_("Please keep the niches to {most} characters."),
    "gig_title_words": N_("Please give it a title in words."),
    "gig_description_words": N_(
        "Please describe the work in words, so that people know what there is to do."
    ),
    "gig_details": N_("Please keep each detail short: {most} characters here; there are {length}."),
    "gig_starter_floor": N_(
        "A gig for first-timers pays at least {least} {currency} here, so that nobody starts below what "
        "their time is worth. Please name more, or leave that box empty."
    ),
    "gig_drafts_full": N_(
        "You have {most} gigs that are not published yet. Publish or discard one of them first: "
        "/gig post shows them, and what you typed here is kept."
    ),
    "gig_draft_gone": N_("This draft is no longer kept. /gig post starts a new one."),
    "gig_published": N_("This one is published already. /gig mine shows what you can do with it."),
    "gig_edit_waiting": N_(
        "The moderators are reading this one, so its words stay as they are for now. "
        "You can withdraw it with /gig mine and post it again, changed."
    ),
    "gig_pitch": N_(
        "Please write {least} to {most} characters, so that the poster can tell who you are; "
        "there are {length}."
    ),
    "gig_budget_missing": N_("Please name what it pays, such as “{example}”, “$1.5k fixed” or “£300 a day”."),
    "gig_budget_currency": N_("In which currency? For example “{example}”."),
    "gig_budget_two_currencies": N_("Please use one currency, for example “{example}”."),
    "gig_budget_amount": N_("That amount cannot be right. For example “{example}”."),
    "gig_budget_unpaid": N_("Gigs here are paid in money. Please name an amount, such as “{example}”."),
    "gig_budget_unit": N_(
        "Please say what one hour, day, week or month pays, or the whole project. For example “{example}”."
    ),
    "gig_budget_crypto": N_("Please name it in a currency that a bank knows, for example “{example}”."),
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
    "gig_pitches_day": N_(
        "You sent {most} pitches within a day. The next one can go out in about {hours} h; "
        "a few that fit well do more than many."
    ),
    "gig_pitches_waiting": N_(
        "{most} of your pitches wait for an answer. As soon as one is answered, there is room for the next. "
        "/gig pitches shows them."
    ),
    "gig_pitch_same": N_(
        "You sent nearly these words to {most} gigs already. A sentence or two about this one makes it "
        "stand out."
    ),
    "gig_lead_late": N_("This one is out already. Choosing who sees it first works before it is published."),
    "gig_lead_many": N_("Please choose at most {most} people."),
    "gig_renew_late": N_("This one ended more than a month ago. /gig post starts it anew."),
    "gig_lost_again": N_(
        "Its post was deleted more than once, so it stays down. Please ask the moderators what is wrong."
    ),
    "gig_channel_main": N_("This is the board's own channel: every gig that lives nowhere else lives there."),
    "gig_channel_rule": N_("Which gigs live there? Please choose a kind, or name niches, or choose links."),
    "gig_channel_links": N_("Links need a text channel; in a forum each would be a post of its own."),
    "gig_channels_full": N_("The board has {most} channels beside its own already. Take one off first."),
    "gig_skill_unknown": N_("I know no skill called “{text}”. Start typing and choose one of the list."),
    "gig_least": N_("What should it pay at least? For example “{example}”."),
    "moderators_only": N_("Only moderators of this server can decide that."),
}

KINDS = {
    "hire": N_("Hire: I need someone"),
    "subcontract": N_("Subcontract: I share a client's work"),
    "scoping": N_("Scoping call: paid advice"),
    "partner": N_("Partner up: build something together"),
}

PAY = {
    "hour": N_("{amount} per hour"),
    "day": N_("{amount} per day"),
    "week": N_("{amount} per week"),
    "month": N_("{amount} per month"),
    "project": N_("{amount} for the whole project"),
}

ROLES = {
    "home": N_("Gigs live here"),
    "links": N_("Only links to them"),
}

STATES = {
    "draft": N_("not published yet"),
    "edit": N_("new words, not saved yet"),
    "change": N_("waiting for other words from you"),
    "queued": N_("waiting for the moderators"),
    "held": N_("held for the moderators"),
    "live": N_("open"),
    "filled": N_("filled"),
    "withdrawn": N_("withdrawn"),
    "refused": N_("not accepted"),
    "expired": N_("expired"),
    "over": N_("no longer waiting"),
}

# New words beside a live gig, as its poster sees them under `/gig mine`.
CHANGES = {
    "edit": N_("You have new words for it that are not saved yet: *Edit* goes on with them."),
    "change": N_("The moderators ask for other words in your change of it: *Edit* goes on with them."),
    "queued": N_("A change of it waits for the moderators."),
    "held": N_("A change of it waits for the moderators."),
}

# What a change of a gig can be about, as moderators read it.
FIELDS = {
    "kind": N_("Kind"),
    "title": N_("Title"),
    "description": N_("The work"),
    "budget": N_("Budget"),
    "terms": N_("Niches"),
    "skills": N_("Skills"),
    "hours": N_("Hours a week"),
    "length": N_("How long"),
    "apply": N_("How to apply"),
    "starter": N_("For first-timers"),
}
