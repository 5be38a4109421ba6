"""The menu and the button under one's own profile."""

from __future__ import annotations

from bot.core.errors import KithError
from bot.core.text import N_, _
from bot.edge.answer import who
from bot.edge.buttons import Press
from bot.edge.forms import Forms
from cogs.people.cards import MORE, Notice
from cogs.people.showing import Showing

# What is said after a press, by whether members can find the person now and whether that is new.
_SAID = {
    (True, True): N_("Members of this server can find you now."),
    (True, False): N_("That is so already: members of this server can find you."),
    (False, True): N_("You are hidden from `/find` now."),
    (False, False): N_("That is so already: you are hidden from `/find`."),
}


class PeopleButtons:
    """Handles what is pressed and chosen; both act on the profile of whoever presses."""

    def __init__(self, showing: Showing, forms: Forms) -> None:
        """Stand on what shows profiles; the forms open from the menu."""
        self.showing = showing
        self.forms = forms

    async def more(self, press: Press) -> None:
        """Open the form chosen in *Change something else*."""
        chosen = MORE.get("".join(press.values[:1]))
        if chosen is None:
            raise KithError("choice_unknown")
        _name, _hint, form, state = chosen
        await press.answer.form(await self.forms.build(form, state, press.interaction))

    async def list_me(self, press: Press) -> None:
        """Let members find whoever presses, or no longer."""
        if press.args not in {("on",), ("off",)}:
            raise KithError("button_outdated")
        listed = press.args == ("on",)
        changed = await self.showing.service.list_me(who(press.interaction), listed=listed)
        notice = Notice(lines=(_(_SAID[listed, changed]),))
        await press.answer.show(await self.showing.own(press.interaction, notice))
