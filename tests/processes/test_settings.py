"""Shards as an operator writes them."""

import pytest

from bot.settings import SettingsError, load_settings


@pytest.mark.parametrize(
    ("count", "ids", "shards"),
    [
        (None, None, (0,)),
        ("3", None, (0, 1, 2)),
        ("3", "", (0, 1, 2)),
        ("4", "2", (2,)),
        ("4", "3, 0,3", (0, 3)),
        ("8", "0-2,6", (0, 1, 2, 6)),
    ],
)
def test_shards_are_numbers_and_ranges(
    monkeypatch: pytest.MonkeyPatch, count: str | None, ids: str | None, shards: tuple[int, ...]
) -> None:
    for name, value in (("COUNT", count), ("IDS", ids)):
        if value is not None:
            monkeypatch.setenv(f"KITH_SHARD_{name}", value)
    assert load_settings(env_file=None).shards == shards


@pytest.mark.parametrize(
    ("count", "ids", "problem"),
    [
        ("0", "", "KITH_SHARD_COUNT must be 1 or more"),
        ("2", "2", "KITH_SHARD_IDS must name shards from 0 to 1"),
        ("2", "-1", "KITH_SHARD_IDS must be numbers"),
        ("2", "1-0", "KITH_SHARD_IDS must name shards from 0 to 1"),
        ("2", "all", "KITH_SHARD_IDS must be numbers"),
        ("2", "0-99999999999", "KITH_SHARD_IDS must be numbers below"),
    ],
)
def test_shards_that_cannot_be_are_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, count: str, ids: str, problem: str
) -> None:
    monkeypatch.setenv("KITH_SHARD_COUNT", count)
    monkeypatch.setenv("KITH_SHARD_IDS", ids)
    with pytest.raises(SettingsError) as refusal:
        load_settings(env_file=None)
    (sentence,) = refusal.value.sentences
    assert sentence.startswith(problem)
    assert "Example: KITH_SHARD_" in sentence
