"""The house stands: imports go downwards only, and nothing happens at import."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("inpainting/**/*.py"), ROOT / "app.py"])
FLOORS = [
    {"errors", "memory", "batch"},
    {"photo", "generator", "hub"},
    {"mask"},
    {"crop", "paste", "blend", "detail"},
    {"checkpoint", "pipeline"},
    {"evaluation"},
    {"training"},
    {"ui", "__main__", "app", "__init__"},
]
ONLY_IN = {  # a library -> the parts of the house that may import it
    "gradio": {"ui", "app"},
    "huggingface_hub": {"hub"},
    "accelerate": {"training"},
    "typer": {"__main__", "training"},
}
NOT_IN = {
    "torch": {"mask", "photo", "crop", "paste", "blend", "detail", "ui", "errors", "batch"},
    "PIL": {"generator", "crop", "paste", "blend", "detail", "losses", "metrics"},
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base"}


def part(path: Path) -> str:
    """The room a file is in: its folder inside the package, or its own name."""
    inside = path.relative_to(ROOT).with_suffix("").parts
    return inside[0] if inside[0] != "inpainting" else inside[1]


def floor(name: str) -> int:
    return next(level for level, rooms in enumerate(FLOORS) if name in rooms)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downwards(path):
    own = part(path)
    for name in imported(path):
        pieces = name.split(".")
        if pieces[0] == "inpainting":
            room = pieces[1] if len(pieces) > 1 and pieces[1][0].islower() else "__init__"
            assert floor(room) <= floor(own), f"{path.name} imports upwards: {name}"
            assert own != "generator" or room == "generator", f"{path.name} imports {name}"
        assert own in ONLY_IN.get(pieces[0], {own}), f"{path.name} imports {name}"
        places = {own, path.stem}
        assert not places & NOT_IN.get(pieces[0], set()), f"{path.name} imports {name}"


def test_an_upward_import_would_be_found(tmp_path):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "def f():\n    from inpainting.training.loop import train\n    import gradio\n"
    )
    assert imported(wrong) == {"inpainting.training.loop.train", "gradio"}
    assert floor("training") > floor("pipeline")


def test_no_drawers():
    assert not [path for path in FILES if path.stem in FORBIDDEN_NAMES]


IMPORT_ALL = """
import socket, sys, threading
def refuse(*_, **__): raise OSError("no network at import")
socket.socket.connect = refuse
sys.path.insert(0, {root!r})
import torch
before = torch.get_num_threads(), torch.get_default_dtype(), torch.is_grad_enabled()
threads = threading.active_count()
for name in {names!r}:
    __import__(name)
assert before == (torch.get_num_threads(), torch.get_default_dtype(), torch.is_grad_enabled())
print(threading.active_count() - threads)
"""


def test_nothing_happens_at_import(tmp_path):
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
    ]
    script = IMPORT_ALL.format(root=str(ROOT), names=names)
    done = subprocess.run(
        [sys.executable, "-B", "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []
    assert done.stdout == "0\n", "a thread was started, or something was printed"


def test_public_names_are_few_sorted_and_there():
    import inpainting

    assert inpainting.__all__ == sorted(inpainting.__all__, key=str.lower)
    assert all(hasattr(inpainting, name) for name in inpainting.__all__)
