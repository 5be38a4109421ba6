"""The invitation asks for what the check-up asks for, and for nothing that is not said."""

import base64
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bot.community.rules import NEEDS
from bot.core.errors import BadToken
from bot.invite import PERMISSIONS, application_of, invitation, invite_url

TOKEN = base64.urlsafe_b64encode(b"1098765432109876543").decode().rstrip("=") + ".Abc.def"


def test_the_application_is_the_first_part_of_the_token() -> None:
    assert application_of(TOKEN) == 1098765432109876543


@pytest.mark.parametrize("token", ["", "x", "hello.there.you", "ÿ.b.c", "bm90IGEgbnVtYmVy.b.c"])
def test_what_is_no_token_is_refused_without_being_repeated(token: str) -> None:
    with pytest.raises(BadToken) as caught:
        application_of(token)
    assert not token or token not in str(caught.value)


def test_the_address_holds_exactly_the_permissions_that_are_explained() -> None:
    asked = parse_qs(urlsplit(invite_url(42)).query)
    assert asked["client_id"] == ["42"]
    assert asked["scope"] == ["bot applications.commands"]
    granted = {name for name, value in discord.Permissions(int(asked["permissions"][0])) if value}
    assert {one.name.replace("view_channel", "read_messages") for one in PERMISSIONS} == granted
    assert not granted & {"administrator", "manage_guild", "mention_everyone", "ban_members", "kick_members"}


def test_everything_the_check_up_asks_for_is_in_the_invitation() -> None:
    assert {one for needs in NEEDS.values() for one in needs} <= {one.name for one in PERMISSIONS}


def test_it_is_said_with_a_reason_each_and_without_the_token() -> None:
    said = invitation(TOKEN)
    assert all(one.label in said and one.reason in said for one in PERMISSIONS)
    assert invite_url(1098765432109876543) in said
    assert ".Abc.def" not in said
