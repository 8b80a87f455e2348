"""Strokes between browser and server: a picture whose alpha is the paint, at the preview's size."""

import base64
import binascii
import io
from pathlib import Path

import numpy as np
from PIL import Image

from inpainting.errors import InpaintingError
from inpainting.mask import from_layers, resize
from inpainting.ui.words import NO_PAINTER

PAINT = "#ff2d55"  # seen on skin, leaves, sky and night alike; which colour it is means nothing
SCRIPT = Path(__file__).with_suffix(".js")  # the browser's half


def read_strokes(data_url: str, size: tuple[int, int]) -> np.ndarray:
    """What was painted -> HxW bool at the photo's size (width, height), True = erase.

    data_url: a PNG as ``data:image/png;base64,...``, what strokes.js sends.
    """
    try:
        png = base64.b64decode(data_url.partition(",")[2], validate=True)
        layer = Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGBA")
    except (binascii.Error, OSError) as error:
        raise InpaintingError(NO_PAINTER) from error
    return from_layers([layer], size)


def write_strokes(mask: np.ndarray, shown: Path) -> Path:
    """Mask, HxW bool, True = erase -> a file beside a preview: the same as paint over it."""
    with Image.open(shown) as picture:
        layer = Image.new("RGBA", picture.size, PAINT)
    layer.putalpha(Image.fromarray(resize(mask, layer.size)))
    path = shown.with_suffix(".png")
    layer.save(path, compress_level=1)  # quick: it is looked at once
    return path
