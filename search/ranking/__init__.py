"""The order of a list: one learnt linear sum of signals over the candidates that an engine found."""
