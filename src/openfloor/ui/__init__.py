"""What every page shares: the frame, the look, the words for an error."""
