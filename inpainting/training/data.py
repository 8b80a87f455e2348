"""Photographs from zip files or folders -> training batches, each a function of (seed, step).

Every picture is decoded once and kept as uint8 on the device that trains. A batch draws from
nothing but its seed, step and rank: a run that was killed and resumed sees exactly what the run
that was never killed sees, with no generator state to save.
"""

import io
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor
from torch.nn import functional
from tqdm import tqdm

from inpainting.errors import InpaintingError
from inpainting.training.masks import random_hole

ENDINGS = {".jpg", ".jpeg", ".png", ".webp"}
SMALLEST = 64  # pixels: a photo with a shorter side teaches nothing


class Batch(NamedTuple):
    """image: Bx3xSxS float32 in [-1, 1]; mask: Bx1xSxS float32, 1 inside the hole."""

    image: Tensor
    mask: Tensor


def photo_files(source: Path) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of each photograph in a zip file or below a folder, ordered by name."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.suffix.lower() in ENDINGS:
                yield path.relative_to(source).as_posix(), path.read_bytes()
    elif zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for name in sorted(archive.namelist()):
                if Path(name).suffix.lower() in ENDINGS:
                    yield name, archive.read(name)
    else:
        raise InpaintingError(
            f"{source} is neither a folder nor a zip file: --data takes folders or zip files of "
            f"photographs ({', '.join(sorted(ENDINGS))})"
        )


def load_photos(sources: list[Path], device: torch.device, limit: int = 0) -> list[Tensor]:
    """Decode every photograph, 3xHxW uint8 RGB each, with a progress bar.

    limit: keep only the first so many (0: all). A file that is no picture, or whose shorter side
    is below 64 pixels, is refused by name: a training set with holes in it is found out early.
    """
    files = chain.from_iterable(map(photo_files, sources))
    files = islice(files, limit) if limit else files
    with ThreadPoolExecutor() as pool:  # Pillow decodes outside the interpreter's lock
        decoded = tqdm(pool.map(lambda item: decode(*item), files), desc="reading", unit=" photos")
        photos = [photo.to(device) for photo in decoded]
    if not photos:
        raise InpaintingError(f"no photographs in {', '.join(map(str, sources))}")
    return photos


def decode(name: str, data: bytes) -> Tensor:
    """One file's bytes -> 3xHxW uint8 RGB."""
    try:
        picture = Image.open(io.BytesIO(data)).convert("RGB")
    except (UnidentifiedImageError, OSError) as error:
        raise InpaintingError(f"{name} could not be read as a photograph: remove it") from error
    if min(picture.size) < SMALLEST:
        raise InpaintingError(
            f"{name} is {picture.width}x{picture.height}, training needs {SMALLEST} pixels or "
            "more on the shorter side: remove it"
        )
    return torch.from_numpy(np.array(picture)).permute(2, 0, 1).contiguous()


def draw_batch(photos: list[Tensor], size: int, count: int, seed: tuple[int, ...]) -> Batch:
    """Draw `count` random square crops, each with its hole.

    A crop's side lies anywhere between `size` and the photo's shorter side (log-uniform), then it
    is scaled to `size`: both the sharp detail and the whole scene are seen, as in the windows that
    the eraser cuts. Half of the crops are mirrored.
    """
    rng = np.random.default_rng(seed)
    images, masks = [], []
    for _ in range(count):
        photo = photos[rng.integers(len(photos))]
        height, width = photo.shape[1:]
        shorter = min(height, width)
        side = int(np.exp(rng.uniform(np.log(min(size, shorter)), np.log(shorter))))
        top, left = rng.integers(height - side + 1), rng.integers(width - side + 1)
        crop = photo[None, :, top : top + side, left : left + side].float()
        crop = functional.interpolate(crop, (size, size), mode="bilinear", antialias=True)
        images.append(crop.flip(-1) if rng.random() < 0.5 else crop)
        masks.append(torch.from_numpy(random_hole(rng, size)))
    image = torch.cat(images).div_(127.5).sub_(1)  # B x 3 x S x S
    image = image.contiguous(memory_format=torch.channels_last)
    mask = torch.stack(masks)[:, None].float().to(image.device)  # B x 1 x S x S
    return Batch(image, mask)


def batches(
    photos: list[Tensor], size: int, count: int, seed: tuple[int, ...], steps: range
) -> Iterator[Batch]:
    """Yield the batch of every step, a few drawn ahead in the background."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        ahead = []
        for step in steps:
            ahead.append(pool.submit(draw_batch, photos, size, count, (*seed, step)))
            if len(ahead) > 4:
                yield ahead.pop(0).result()
        for future in ahead:
            yield future.result()
