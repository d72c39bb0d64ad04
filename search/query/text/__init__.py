"""Words of a text: folding, segmentation, tokens, vocabulary. Knows no index."""
