"""The one exception by which a caller tells our refusals from bugs."""


class InpaintingError(ValueError):
    """A refusal in one sentence: what came, what was expected, what to do.

    Raised for input that we cannot honour (a mask of another size, a file that is no photograph,
    a checkpoint that does not fit). Nothing has been changed or written when it is raised.
    """
