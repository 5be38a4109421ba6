"""The sentences of pods, and what members can choose."""

from __future__ import annotations

from bot.core.text import N_

SENTENCES = {
    "pod_checkins_first": N_(
        "A pod shares its weeks, so check-ins come first: `/checkin start` turns yours on."
    ),
    "pod_none": N_("You are in no pod, and wait for none. `/pod join` tells you how they work."),
    "pod_gone": N_("That pod is no longer stored. `/pod mine` says where you stand."),
    "pod_invite_over": N_("This pod was settled without you. `/pod mine` says where you stand."),
    "pod_term_over": N_("That question is no longer open. `/pod mine` says where you stand."),
    "pod_enough": N_("This pod is large enough, or over. `/pod mine` says where you stand."),
    "pod_no_week": N_("Write your first week, then choose what your pod sees of it: `/checkin now`."),
    "pod_no_win": N_("Your latest week has no win. You can add one while it is open: `/checkin now`."),
    "digest_no_access": N_(
        "I cannot write in that channel. Let me View Channel and Send Messages there, then try again."
    ),
}

SHARES = {
    "commitments": N_("Commitments, and how they went"),
    "win": N_("The win"),
    "stuck": N_("What is in the way, by its topic"),
}

SHARED = {
    "commitments": N_("commitments"),
    "win": N_("the win"),
    "stuck": N_("what is in the way"),
}

NEXT = {
    "renew": N_("Renew"),
    "change": N_("Change pod"),
    "end": N_("End"),
}

NEXT_NOTED = {
    "renew": N_("Noted: you would like another term. It begins when three of you do."),
    "change": N_("Noted: you would like another pod. You will be on the list when the term ends."),
    "end": N_("Noted: this is your last week in the pod. Thank you for having been there."),
}
