from factories.workplace import *  # noqa: F403  moved
