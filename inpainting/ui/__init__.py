"""The page on Gradio; takes any callable that erases."""

from inpainting.ui.page import build_page, launch

__all__ = ["build_page", "launch"]
