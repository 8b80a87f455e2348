"""Flags are the fields: one each, with its default and its comment; nothing is ignored."""

from dataclasses import dataclass, field, replace

import pytest
import typer

from inpainting.training.config import TrainConfig
from inpainting.training.flags import flags, from_flags


@dataclass(frozen=True)
class Inner:
    sides: tuple[int, ...] = (1, 2)  # how long


@dataclass(frozen=True)
class Outer:
    inner: Inner = field(default_factory=Inner)
    rate: float = 0.5  # how fast


def test_nested_fields_carry_their_configs_name():
    assert list(flags(Outer())) == [
        ("inner_sides", (1, 2), "how long", "inner"),
        ("rate", 0.5, "how fast", "training"),
    ]


def test_the_config_comes_back_from_its_flags():
    given = {"inner_sides": "4,8", "rate": 2.0}
    assert from_flags(Outer(), given) == Outer(Inner((4, 8)), 2.0)
    with pytest.raises(typer.BadParameter, match="1,2,4"):
        from_flags(Outer(), given | {"inner_sides": "four"})


def test_every_default_of_training_survives_the_round_trip():
    config = replace(TrainConfig(), seed=7)
    values = {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else value
        for name, value, _, _ in flags(config)
    }
    assert from_flags(TrainConfig(), values) == config
