"""Strokes between browser and server: a picture whose alpha is the paint, at the preview's size."""

import base64
import binascii
import io
from pathlib import Path

import numpy as np
from PIL import Image

from inpainting.errors import InpaintingError
from inpainting.mask import from_layers, read_mask, resize
from inpainting.ui.words import NO_PAINTER, NO_STROKE, TOO_MUCH

PAINT = "#ff2d55"  # seen on skin, leaves, sky and night alike; which colour it is means nothing
OPACITY = 0.6  # one sees what one paints over
MOST = 0.9  # share of a photo that may be painted: beyond it there is too little to fill from
SCRIPT = Path(__file__).with_suffix(".js")  # the browser's half


def what_to_erase(strokes: str, mask_file: str | None, size: tuple[int, int]) -> np.ndarray:
    """Strokes and mask file together -> HxW bool, True = erase; refuses none, and nearly all.

    strokes: what strokes.js sends; size: width and height of the photo.
    """
    if mask_file:
        marked = read_mask(Path(mask_file), size)
        mask = marked | read_strokes(strokes, size) if strokes else marked
    else:
        mask = read_strokes(strokes, size)
    if not mask.any():
        raise InpaintingError(NO_STROKE)
    check_share(mask)
    return mask


def check_share(mask: np.ndarray) -> None:
    """Refuse a mask that leaves nothing to fill from (a painter out of memory marks everything)."""
    if mask.mean() > MOST:
        raise InpaintingError(TOO_MUCH.format(share=mask.mean()))


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
    alpha = resize(mask, layer.size) * np.uint8(255 * OPACITY)
    layer.putalpha(Image.fromarray(alpha))
    path = shown.with_suffix(".png")
    layer.save(path, compress_level=1)  # quick: it is looked at once
    return path
