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
UP, DOWN = (Path(__file__).with_name(f"strokes_{way}.js") for way in ("up", "down"))  # its half


def read_strokes(data_url: str, size: tuple[int, int]) -> np.ndarray:
    """What was painted -> HxW bool at the photo's size (width, height), True = erase.

    data_url: a PNG as ``data:image/png;base64,...``, what strokes_up.js sends.
    """
    try:
        png = base64.b64decode(data_url.partition(",")[2], validate=True)
        layer = Image.open(io.BytesIO(png), formats=["PNG"]).convert("RGBA")
    except (binascii.Error, OSError) as error:
        raise InpaintingError(NO_PAINTER) from error
    return from_layers([layer], size)


def write_strokes(mask: np.ndarray, size: tuple[int, int]) -> str:
    """Mask, HxW bool, True = erase -> the same as paint at the preview's size, as a data URL."""
    layer = Image.new("RGBA", size, PAINT)
    layer.putalpha(Image.fromarray(resize(mask, size)))
    file = io.BytesIO()
    layer.save(file, "PNG", compress_level=1)  # quick: it is looked at once
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
