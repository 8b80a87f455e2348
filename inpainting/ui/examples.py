"""The example photos: three folders with equal stems, `images`, `masks` and `results`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageColor

from inpainting.mask import read_mask, resize
from inpainting.photo import Photo, preview, read_photo
from inpainting.ui.strokes import PAINT

HEIGHT = 240  # pixels of a strip: three pictures side by side in a card on a wide screen
GAP = 6  # pixels between them


@dataclass(frozen=True)
class Example:
    """One photo, what to erase from it, and what came of it."""

    photo: Path
    mask: Path
    result: Path


def find_examples(folder: Path) -> list[Example]:
    """Every photo that has a mask and a result of the same stem, in the order of names."""
    photos = sorted((folder / "images").glob("[!.]*"))
    found = (Example(photo, *_beside(photo, folder)) for photo in photos)
    return [example for example in found if example.mask and example.result]


def strip(example: Example) -> Image.Image:
    """Photo | photo with the mask as paint | result, in one small picture."""
    photo = read_photo(example.photo)
    mask = read_mask(example.mask, photo.size)
    before, after = _small(photo), _small(read_photo(example.result))
    painted = np.array(before)
    painted[resize(mask, before.size)] = ImageColor.getrgb(PAINT)
    return _side_by_side([before, Image.fromarray(painted), after])


def _beside(photo: Path, folder: Path) -> list[Path | None]:
    return [next((folder / kind).glob(f"{photo.stem}.*"), None) for kind in ("masks", "results")]


def _small(photo: Photo) -> Image.Image:
    width, height = photo.size
    return preview(photo, round(max(width, height) * HEIGHT / height))


def _side_by_side(pictures: list[Image.Image]) -> Image.Image:
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) - 1)
    whole = Image.new("RGBA", (width, HEIGHT))
    left = 0
    for picture in pictures:
        whole.paste(picture, (left, 0))
        left += picture.width + GAP
    return whole
