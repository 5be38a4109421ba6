"""What members read about alerts and rates, also when something needs mending."""

from bot.core.text import N_

SENTENCES = {
    "gig_alert_none": N_("There is no alert of yours there any more. /gig alerts makes one."),
    "gig_alert_skill": N_(
        "I know no skill called “{text}”. Did you mean {suggestions}? Several are parted by commas."
    ),
    "gig_alert_nowhere": N_(
        "I know no skill called “{text}”. Names such as SQL, Forecasting or Pricing work, parted by commas."
    ),
    "gig_rate_amount": N_(
        "How much is it? Please name an amount with currency and unit, such as “{example}”."
    ),
    "gig_rate_again": N_(
        "You added this skill this month already, so nothing changed. Next month you can add it again."
    ),
}

SHORT_KINDS = {
    "hire": N_("Hire"),
    "subcontract": N_("Subcontract"),
    "scoping": N_("Scoping call"),
    "partner": N_("Partner up"),
}
