"""Erase things from photographs with a GAN: SINet -> composite -> GPNet.

>>> from inpainting import Inpainter
>>> inpainter = Inpainter.from_pretrained("checkpoints/photo")
>>> result = inpainter(photo, mask)  # PIL or numpy; mask: 1 / nonzero = erase
"""

from importlib import import_module

_HOMES = {
    "Inpainter": "inpainting.pipeline",
    "InpaintingError": "inpainting.errors",
    "Photo": "inpainting.photo",
    "read_photo": "inpainting.photo",
    "write_photo": "inpainting.photo",
}
__all__ = ["Inpainter", "InpaintingError", "Photo", "read_photo", "write_photo"]


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: training runs where no page could."""
    if name not in _HOMES:
        raise AttributeError(f"module 'inpainting' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
