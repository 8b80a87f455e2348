"""What has been scored in a run's folder so far: read back when the run goes on."""

import json
from hashlib import sha256
from pathlib import Path

from inpainting.errors import InpaintingError
from inpainting.evaluation.cases import Case
from inpainting.evaluation.scores import SCORES
from inpainting.photo import write_whole

TRUTH = "truth"  # the photograph itself, scored where no truth is asked for: what is natural


class Record:
    """The lines of scores.jsonl, one or more for each method and case: later ones add to earlier.

    identities: of each method, words or a hash that change when its answers could.

    Raises
    ------
    InpaintingError: a method, or the scores, are not what they were when the run began.

    """

    def __init__(self, out: Path, identities: dict[str, str]):
        self.out = out
        known = out / "run.json"
        before = json.loads(known.read_text()) if known.exists() else {}
        now = {"scores": ", ".join(score.name for score in SCORES), **identities}
        for name in now.keys() & before.keys():
            if before[name] != now[name]:
                raise InpaintingError(
                    f"{out} was measured with other {name} ({before[name]}, now {now[name]}): "
                    "name a new --out"
                )
        write_whole((json.dumps(before | now, indent=2) + "\n").encode(), known)
        self.lines: dict[tuple[str, str], dict] = {}  # (method, case) -> all that is known of it
        self.path = out / "scores.jsonl"
        if self.path.exists():
            texts = whole_lines(self.path.read_text())
            write_whole("".join(text + "\n" for text in texts).encode(), self.path)
            for text in texts:
                self._take(json.loads(text))

    def add(self, method: str, case: Case, values: dict) -> None:
        """Keep values of one method on one case; what is nan does not apply, or nobody knows."""
        values = {name: None if value != value else value for name, value in values.items()}  # nan
        line = {"method": method, "case": case.name, **values}
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
        self._take(line)

    def line(self, method: str, case: Case) -> dict:
        """All that is known of one method on one case; empty if nothing is."""
        return self.lines.get((method, case.name), {})

    def fill_path(self, method: str, case: Case) -> Path:
        """Where a method's composited result stands."""
        return self.out / "fills" / method / f"{case.name}.png"

    def lacks(self, method: str, case: Case) -> bool:
        """Whether a method is still to be run on a case; a deleted result is made again.

        Raises
        ------
        InpaintingError: its stored result was changed since it was scored.

        """
        path, line = self.fill_path(method, case), self.line(method, case)
        if "sha256" not in line or not path.exists():
            return True
        if sha256(path.read_bytes()).hexdigest() != line["sha256"]:
            raise InpaintingError(
                f"{path} is not what was scored: delete it, and it is made and scored again"
            )
        return False

    def _take(self, line: dict) -> None:
        key = line["method"], line["case"]
        self.lines[key] = self.lines.get(key, {}) | line


def whole_lines(text: str) -> list[str]:
    """The lines of a file of JSON lines, but for a last one that a kill has cut short."""
    lines = text.splitlines()
    try:
        json.loads(lines[-1] if lines else "{}")
    except ValueError:
        lines.pop()
    return lines
