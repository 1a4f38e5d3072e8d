from factories.ballots import *  # noqa: F403  moved
