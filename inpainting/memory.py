"""Keep freed memory in the process instead of giving it back to the kernel after every layer.

A network's activations come and go in pieces of megabytes. The C library returns each to the
kernel, which must zero it again at the next use: on a small virtual machine that takes as long as
the arithmetic.
"""

import ctypes
import sys

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4  # malloc.h of the GNU C library


def keep_freed_memory() -> bool:
    """Tell malloc to hold on to what is freed; False where the C library has no such switch."""
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    settings = {M_MMAP_MAX: 0, M_TRIM_THRESHOLD: 2**31 - 1, M_TOP_PAD: 64 * 2**20}
    return all(mallopt(name, value) for name, value in settings.items())
