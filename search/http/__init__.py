"""What the pages of all rooms share: conditional requests, refusals, texts that are posted."""
