"""Back into the photograph; outside the hole it stays identical.

mask -> crop -> generator -> detail -> [paste]. The seam is softened inwards only: the ring by which
the hole was grown fades from the photograph to the fill, what the person painted is replaced
altogether.
"""

import cv2
import numpy as np

from inpainting.crop import Window, cut, enlarge


def paste(
    photo: np.ndarray, fill: np.ndarray, hole: np.ndarray, window: Window, feather: int
) -> None:
    """Write a fill into the photograph, in place, inside the window's hole only.

    Parameters
    ----------
    photo: HxWx3 uint8 or uint16; changed where `hole` is True and the window's box reaches.
    fill: the window's picture, square x 3, the photo's dtype; enlarged if it is smaller.
    hole: HxW bool, True = replace; already grown.
    window: where the fill belongs.
    feather: pixels, the width of the ring that fades; 0 = a hard edge.

    """
    box = window.hole
    inner = np.s_[
        box.top - window.top : box.bottom - window.top,
        box.left - window.left : box.right - window.left,
    ]
    weight = opacity(cut(hole, window), feather)[inner]
    fill = enlarge(fill, window.side)[inner]
    region = photo[box.top : box.bottom, box.left : box.right]
    np.copyto(region, fill, where=(weight == 1)[..., None])
    ring = (weight > 0) & (weight < 1)
    known, share = region[ring].astype(np.float32), weight[ring][:, None]
    region[ring] = (known + share * (fill[ring] - known)).round()


def opacity(hole: np.ndarray, feather: int) -> np.ndarray:
    """How much of the fill is seen: 0 outside the hole, rising to 1 at `feather` pixels inside.

    A hole grown by `feather` pixels is opaque wherever it was painted: no ghost stays.

    hole: HxW bool -> HxW float32.
    """
    if feather == 0:
        return hole.astype(np.float32)
    depth = cv2.distanceTransform(hole.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.minimum(depth / feather, 1)
