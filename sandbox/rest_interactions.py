"""Routes of interactions: the one answer, and afterwards edits and followups through the token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sandbox import payloads, posting
from sandbox.errors import ApiError
from sandbox.model import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    EPHEMERAL,
    LOADING,
    MODAL_SUBMIT,
    Interaction,
    Json,
    Message,
)
from sandbox.rest import Call, Reply, Routes, invalid, not_down
from sandbox.world import ANSWER_SECONDS, TOKEN_LIFE

routes = Routes()

SPEAKING = {COMMAND, COMPONENT, MODAL_SUBMIT}
CHOICES = 8
MAX_FOLLOWUPS = 5  # where only the user has installed the application
ANSWERS: dict[int, set[int]] = {
    4: SPEAKING,
    5: SPEAKING,
    6: {COMPONENT, MODAL_SUBMIT},
    7: {COMPONENT, MODAL_SUBMIT},
    8: {AUTOCOMPLETE},
    9: {COMMAND, COMPONENT},
}


@routes.add("POST", "/interactions/{interaction}/{token:word}/callback", token=True)
def callback(call: Call) -> Reply:
    """The one answer, within three seconds."""
    world, body = call.world, call.data
    interaction = world.interactions.get(call.words["token"])
    if interaction is None or interaction.id != call.ids["interaction"]:
        raise ApiError(404, 10062, "Unknown interaction")
    not_down(interaction.guild)
    if interaction.callback_type is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    late = world.clock.now() - interaction.created_at > timedelta(seconds=ANSWER_SECONDS)
    if late or interaction.state == "expired":
        interaction.state = "expired"
        raise ApiError(404, 10062, "Unknown interaction")
    kind = int(body.get("type") or 0)
    if interaction.type not in ANSWERS.get(kind, set()) or (kind in (6, 7) and interaction.message is None):
        line = f"/type callback type {kind} cannot answer an interaction of type {interaction.type}"
        world.violations.append(f"POST {call.path}: {line}")
        raise invalid(line)
    ACTIONS[kind](call, interaction, body.get("data") or {})
    interaction.callback_type = kind
    interaction.state = "deferred" if kind in (5, 6) else "answered"
    interaction.answered.set()
    if kind not in (5, 6):
        interaction.settled.set()
    if call.query.get("with_response") in ("true", "1", "True"):
        return 200, payloads.callback_json(world, interaction)
    return 204, None


def _reply(call: Call, interaction: Interaction, data: Json) -> None:
    interaction.original = _speak(call, interaction, data, ephemeral=_private(data))
    interaction.ephemeral = _private(data)


def _defer(call: Call, interaction: Interaction, data: Json) -> None:
    world = call.world
    message = Message(world.next_id(), interaction.channel.id, world.bot, "", world.clock.now())
    message.flags = LOADING
    interaction.ephemeral = _private(data)
    interaction.original = message
    _place(call, interaction, message, ephemeral=_private(data))


def _defer_update(call: Call, interaction: Interaction, data: Json) -> None:
    interaction.original = interaction.message


def _update(call: Call, interaction: Interaction, data: Json) -> None:
    if interaction.message is None or interaction.message.deleted:
        raise ApiError(404, 10008, "Unknown Message")
    _edit(call, interaction, interaction.message, data)
    interaction.original = interaction.message


def _complete(call: Call, interaction: Interaction, data: Json) -> None:
    interaction.choices = list(data.get("choices") or [])


def _modal(call: Call, interaction: Interaction, data: Json) -> None:
    interaction.modal = data | {"components": posting.numbered(data.get("components") or [])}


ACTIONS: dict[int, Callable[[Call, Interaction, Json], None]] = {
    4: _reply,
    5: _defer,
    6: _defer_update,
    7: _update,
    8: _complete,
    9: _modal,
}


def _private(data: Json) -> bool:
    return bool(int(data.get("flags") or 0) & EPHEMERAL)


def _speak(call: Call, interaction: Interaction, data: Json, *, ephemeral: bool) -> Message:
    """A new message of this interaction."""
    message = posting.compose(call.world, interaction.channel, data, call.files)
    allowed = data.get("allowed_mentions")
    posting.resolve_mentions(call.world, message, allowed, interaction.guild, everything=False)
    _place(call, interaction, message, ephemeral=ephemeral)
    return message


def _place(call: Call, interaction: Interaction, message: Message, *, ephemeral: bool) -> None:
    message.interaction_id, message.interaction_token = interaction.id, interaction.token
    message.flags = message.flags | EPHEMERAL if ephemeral else message.flags & ~EPHEMERAL
    message.ephemeral_to = interaction.user.id if ephemeral else None
    message.type = 20 if interaction.type == COMMAND else 0
    call.world.store(interaction.channel, message)


def _edit(call: Call, interaction: Interaction, message: Message, data: Json) -> None:
    filling = message.loading
    posting.change(call, message, data, interaction.guild, everything=False, filling=filling)
    call.world.emit_message("MESSAGE_UPDATE", interaction.channel, message)


def _of_token(call: Call) -> Interaction:
    """The interaction of a webhook path, while its token lives."""
    interaction = call.world.interactions.get(call.words["token"])
    if interaction is None or call.ids["app"] != call.world.bot.id:
        raise ApiError(404, 10015, "Unknown Webhook")
    if call.world.clock.now() - interaction.created_at > TOKEN_LIFE:
        raise ApiError(401, 50027, "Invalid Webhook Token")
    if interaction.callback_type is None or interaction.callback_type == CHOICES:
        raise ApiError(404, 10015, "Unknown Webhook")
    not_down(interaction.guild)
    return interaction


def _target(call: Call, interaction: Interaction) -> Message:
    """The message of a webhook path: `@original` or an id."""
    wanted = call.words["message"]
    if wanted == "@original":
        message = interaction.original
    else:
        known = [*interaction.followups, *([interaction.original] if interaction.original else [])]
        message = next((m for m in known if str(m.id) == wanted), None)
    if message is None or message.deleted:
        raise ApiError(404, 10008, "Unknown Message")
    return message


@routes.add("POST", "/webhooks/{app}/{token:word}", token=True)
def followup(call: Call) -> Reply:
    """A further message; the first one after "thinking …" takes its place, privacy included."""
    interaction, body = _of_token(call), call.data
    original = interaction.original
    if original and original.loading and not original.deleted:
        _edit(call, interaction, original, body)
        message = original
    elif interaction.user_installed and len(interaction.followups) >= MAX_FOLLOWUPS:
        raise ApiError(400, 40094, "This interaction has reached the maximum number of follow up messages.")
    else:
        message = _speak(call, interaction, body, ephemeral=_private(body))
        interaction.followups.append(message)
    _settle(interaction)
    return 200, payloads.message_json(call.world, message)


@routes.add("GET", "/webhooks/{app}/{token:word}/messages/{message:word}", token=True)
def get(call: Call) -> Reply:
    """One of this interaction's messages."""
    return 200, payloads.message_json(call.world, _target(call, _of_token(call)))


@routes.add("PATCH", "/webhooks/{app}/{token:word}/messages/{message:word}", token=True)
def edit(call: Call) -> Reply:
    """Edit one of them, as often as one likes."""
    interaction = _of_token(call)
    message = _target(call, interaction)
    _edit(call, interaction, message, call.data)
    _settle(interaction)
    return 200, payloads.message_json(call.world, message)


@routes.add("DELETE", "/webhooks/{app}/{token:word}/messages/{message:word}", token=True)
def delete(call: Call) -> Reply:
    """Delete one of them."""
    interaction = _of_token(call)
    message = _target(call, interaction)
    call.world.remove(interaction.channel, message)
    _settle(interaction)
    return 204, None


def _settle(interaction: Interaction) -> None:
    interaction.state = "answered"
    interaction.settled.set()
