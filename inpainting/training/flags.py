"""Command-line flags made from the fields of a config dataclass, and the config made from flags.

There is no second list of options: a new field is a new flag, its default the field's, its help
the comment at the field's right. A nested config's fields carry its name: --generator-sinet-width.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from typing import Any

import typer


def flags(default: Any) -> Iterator[tuple[str, Any, str, str]]:
    """Yield (flag name, default value, help, panel) of each field, nested configs flattened."""
    comments = dict(re.findall(r"^    (\w+):.*#\s*(.+)$", inspect.getsource(type(default)), re.M))
    for entry in fields(default):
        value = getattr(default, entry.name)
        if is_dataclass(value):
            for name, inner, text, _ in flags(value):
                yield f"{entry.name}_{name}", inner, text, entry.name
        else:
            yield entry.name, value, comments.get(entry.name, ""), "training"


def from_flags(default: Any, given: dict[str, Any]) -> Any:
    """Build the config: every field from its flag's value (a tuple arrives as "1,2,4")."""
    changes = {}
    for entry in fields(default):
        value = getattr(default, entry.name)
        if is_dataclass(value):
            prefix = entry.name + "_"
            inner = {n.removeprefix(prefix): v for n, v in given.items() if n.startswith(prefix)}
            changes[entry.name] = from_flags(value, inner)
        elif isinstance(value, tuple):
            changes[entry.name] = _integers(entry.name, given[entry.name])
        else:
            changes[entry.name] = given[entry.name]
    return replace(default, **changes)


def takes_config(default: Any) -> Callable:
    """Decorate a command: in the place of its first parameter, the config, come its flags."""

    def decorate(command: Callable) -> Callable:
        own = list(inspect.signature(command).parameters.values())[1:]
        made = [_parameter(*flag) for flag in flags(default)]
        names = [parameter.name for parameter in made]

        @wraps(command)
        def run(**given: Any) -> Any:
            config = from_flags(default, {name: given.pop(name) for name in names})
            return command(config, **given)

        run.__signature__ = inspect.Signature(own + made)
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in own + made}
        return run

    return decorate


def _parameter(name: str, value: Any, text: str, panel: str) -> inspect.Parameter:
    if isinstance(value, tuple):
        value = ",".join(map(str, value))
    option = typer.Option(value, help=text, rich_help_panel=panel)
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, default=option, annotation=type(value))


def _integers(name: str, text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError as error:
        flag = name.replace("_", "-")
        raise typer.BadParameter(f"--{flag} is {text!r}, expected whole numbers: 1,2,4") from error
