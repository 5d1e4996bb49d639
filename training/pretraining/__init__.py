"""Masked-language pre-training of a compact Persian encoder."""
