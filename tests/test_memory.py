"""Freed memory stays in the process: the second use of a large block faults no page in."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import resource, sys
from inpainting.memory import keep_freed_memory
size = 30_000_000
kept = keep_freed_memory() if sys.argv[1] == "keep" else False
faults = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_minflt
b"x" * size
before = faults()
for _ in range(20):
    b"x" * size
print(kept, faults() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="malloc of the GNU C library")
def test_kept_memory_is_not_faulted_in_again():
    faults = {}
    for mode in ("keep", "plain"):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, mode],
            cwd=Path(__file__).parent.parent,
            env={"MALLOC_MMAP_THRESHOLD_": "131072"},  # else malloc itself learns after the first
            capture_output=True,
            text=True,
            check=True,
        )
        kept, count = done.stdout.split()
        faults[mode] = int(count)
        assert kept == str(mode == "keep")
    assert faults["keep"] < faults["plain"] / 10
