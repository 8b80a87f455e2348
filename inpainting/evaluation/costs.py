"""What one erase costs: seconds and peak memory, each photograph size in a process of its own."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from inpainting.evaluation.process import peak_memory
from inpainting.photo import from_pil, read_photo, write_photo
from inpainting.pipeline import Inpainter


def table(megapixels: list[int], source: str) -> str:
    """A Markdown table: open, erase a hand-sized object, save; peak memory of the process."""
    columns = ["open s", "erase s", "save s", "peak MiB"]
    lines = ["| megapixels | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for size in megapixels:
        command = [sys.executable, "-m", "inpainting.evaluation.costs", str(size), source]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        costs = json.loads(done.stdout.splitlines()[-1])
        lines.append(
            f"| {size} | " + " | ".join(f"{costs[column]:.2f}" for column in columns) + " |"
        )
    return "\n".join(lines)


def measure(megapixels: int, source: str) -> dict[str, float]:
    """Open, erase and save one made-up JPEG of 4:3 in this process, the model warm."""
    from PIL import Image

    inpainter = Inpainter.from_pretrained(source)
    inpainter.warm_up()
    height = int((megapixels * 1e6 * 3 / 4) ** 0.5)
    width = height * 4 // 3
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        small = np.random.default_rng(0).integers(0, 255, (height // 50, width // 50, 3), np.uint8)
        photo = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
        write_photo(from_pil(photo), path, "JPEG")
        del photo
        start = perf_counter()
        photo = read_photo(path)
        opened = perf_counter()
        mask = np.zeros((height, width), bool)
        mask[height // 3 : height // 2, width // 3 : width // 3 + height // 8] = True
        result = inpainter(photo, mask)
        erased = perf_counter()
        write_photo(result, Path(folder) / "result.jpg")
        saved = perf_counter()
    return {
        "open s": opened - start,
        "erase s": erased - opened,
        "save s": saved - erased,
        "peak MiB": peak_memory(),
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), sys.argv[2])))
