"""What the moderators' queue says: refusals in words, reasons, decisions."""

from bot.core.text import N_

SENTENCES = {
    "gig_reason_choose": N_("Please choose why."),
    "gig_reason": N_(
        "Please say it in {least} to {most} characters, so that the poster knows what to do; "
        "there are {length}."
    ),
    "gig_appeal_length": N_("Please keep it to {most} characters; there are {length}."),
    "gig_appeal_used": N_(
        "The moderators looked at this one twice and stay with it. Changed words are welcome: /gig post."
    ),
    "gig_appeal_not": N_("There is no decision to appeal against any more. /gig mine shows where it stands."),
}

REASONS = {
    "scam": N_("It has the marks of a scam"),
    "pay": N_("It pays too little, or not in money"),
    "fit": N_("It does not fit this community"),
    "copy": N_("It is here already"),
    "other": N_("Something else (say what)"),
}

# What moderators read about a decision, and in the history of a poster.
DECISIONS = {
    "approved": N_("Approved"),
    "change": N_("A change was asked for"),
    "refused": N_("Refused"),
    "removed": N_("Taken off the board"),
}
PAST = {
    "live": N_("open"),
    "filled": N_("filled"),
    "withdrawn": N_("taken back"),
    "expired": N_("run out"),
    "refused": N_("refused"),
    "queued": N_("waiting"),
    "held": N_("held"),
    "change": N_("to be changed"),
}
