"""The study's folder: its config, and its finished pieces, each there whole or not at all."""

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inpainting.errors import InpaintingError
from inpainting.photo import write_whole
from inpainting.training.mnist.config import StudyConfig
from inpainting.training.run import replace_folder

RUN = "run.json"  # the curves and scores of a run, beside its checkpoint


def begin(config: StudyConfig, out: Path) -> None:
    """Make the folder, or go on in it.

    Raises
    ------
    InpaintingError: it holds a study of another config; the first field that differs is named.

    """
    wanted = json.loads(json.dumps(asdict(config)))
    path = out / "config.json"
    if path.exists():
        stored = json.loads(path.read_text())
        for name in wanted | stored:
            if stored.get(name) != wanted.get(name):
                raise InpaintingError(
                    f"{out} holds a study whose {name} is {stored.get(name)}, this one's is "
                    f"{wanted.get(name)}: give it the same options, or a new --out"
                )
    out.mkdir(parents=True, exist_ok=True)
    write_whole((json.dumps(wanted, indent=2) + "\n").encode(), path)


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What a JSON file holds; if there is none, what `make` makes, kept in it for the next time."""
    if not path.exists():
        write_whole((json.dumps(make()) + "\n").encode(), path)
    return json.loads(path.read_text())


def copy_checkpoint(source: Path, target: Path) -> None:
    """Put a run's checkpoint, without its curves and scores, in a folder of its own."""
    replace_folder(
        target,
        lambda place: [shutil.copy(path, place) for path in source.iterdir() if path.name != RUN],
    )
