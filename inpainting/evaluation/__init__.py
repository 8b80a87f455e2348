"""Judging the fills: features, metrics, holes and rivals."""
