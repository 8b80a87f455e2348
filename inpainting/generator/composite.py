"""Combine: known pixels from the image, the hole from the prediction; the only place for it."""

from torch import Tensor


def composite(image: Tensor, mask: Tensor, prediction: Tensor) -> Tensor:
    """Put the prediction into the hole: ``image * (1 - mask) + prediction * mask``.

    Parameters
    ----------
    image: Bx3xHxW float in [-1, 1]; what stands inside the hole is ignored (it must be finite).
    mask: Bx1xHxW float, 1 inside the hole, 0 outside.
    prediction: Bx3xHxW float, a network's picture.

    Returns
    -------
    Bx3xHxW, of the prediction's dtype: what the paper hands from SINet to GPNet, and the result.

    """
    mask = mask.to(prediction.dtype)
    return image.to(prediction.dtype) * (1 - mask) + prediction * mask
