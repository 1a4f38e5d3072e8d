"""Members see what is bargained about: contracts, articles, and every version that a side put forward."""
