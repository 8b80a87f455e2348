"""Erase things from photographs with a GAN: SINet -> composite -> GPNet.

>>> from inpainting import Inpainter
>>> inpainter = Inpainter.from_pretrained("checkpoints/photo")
>>> result = inpainter(photo, mask)  # PIL or numpy; mask: 1 / nonzero = erase
"""

from inpainting.errors import InpaintingError
from inpainting.photo import Photo, read_photo, write_photo
from inpainting.pipeline import Inpainter

__all__ = ["Inpainter", "InpaintingError", "Photo", "read_photo", "write_photo"]
