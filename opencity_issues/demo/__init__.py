"""The demonstration: an invented town's issues, made through the real actions or, in great numbers, in bulk."""
