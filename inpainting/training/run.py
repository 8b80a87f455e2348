"""A run folder: config.json, stats.jsonl, samples/, state/ (to resume), checkpoint/ (to use).

Everything is written beside its place and then renamed, so that a run killed at any moment leaves
a folder from which it resumes.
"""

import json
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import Event
from typing import Any

from inpainting.errors import InpaintingError


class Run:
    """The folder of one training run."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.stats = folder / "stats.jsonl"
        self.samples = folder / "samples"
        self.checkpoint = folder / "checkpoint"

    def begin(self, config: Any) -> None:
        """Create the folder, or go on in it; another config in it is refused, field by field.

        The length of the run (`images`) may grow: that is how a finished run is continued.
        """
        wanted = json.loads(json.dumps(asdict(config)))
        path = self.folder / "config.json"
        if path.exists():
            stored = json.loads(path.read_text())
            changed = [key for key in wanted if stored.get(key) != wanted[key] and key != "images"]
            if changed or stored.keys() != wanted.keys():
                raise InpaintingError(
                    f"run {self.folder.name} was begun with another "
                    f"{', '.join(changed) or 'set of fields'}: give it the same, or a new --run"
                )
        self.samples.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(wanted, indent=2) + "\n")

    def state(self) -> tuple[Path, int] | None:
        """The newest whole state and its step, or None for a run that has none yet."""
        states = {int(path.name): path for path in self.folder.glob("state/[0-9]*[0-9]")}
        return (states[max(states)], max(states)) if states else None

    def save_state(self, step: int, write: Callable[[str], object]) -> None:
        """Let `write(folder)` write the state of a step; then drop the older ones."""
        target = self.folder / "state" / f"{step:09d}"
        replace_folder(target, write)
        for path in target.parent.iterdir():
            if path != target:
                shutil.rmtree(path)

    def log(self, **stats: float) -> None:
        """Append one line to stats.jsonl."""
        with self.stats.open("a") as lines:
            lines.write(json.dumps(stats) + "\n")

    def forget_after(self, step: int) -> None:
        """Drop the lines of steps beyond the state that a run resumes from."""
        if self.stats.exists():
            lines = self.stats.read_text().splitlines()
            kept = [
                line for line in lines if line.endswith("}") and json.loads(line)["step"] <= step
            ]
            self.stats.write_text("".join(line + "\n" for line in kept))


def replace_folder(target: Path, write: Callable[[str], object]) -> None:
    """Have a folder written beside `target`, then put it in its place."""
    fresh, stale = target.with_name(target.name + ".new"), target.with_name(target.name + ".old")
    for leftover in (fresh, stale):
        shutil.rmtree(leftover, ignore_errors=True)
    fresh.mkdir(parents=True)
    write(str(fresh))
    if target.exists():
        target.rename(stale)
    fresh.rename(target)
    shutil.rmtree(stale, ignore_errors=True)


@contextmanager
def stop_signal() -> Iterator[Event]:
    """Turn Ctrl-C and a polite kill into an event: a step is never cut in half."""
    event = Event()
    before = {
        number: signal.signal(number, lambda *_: event.set())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
