"""Where the demonstration refuses to be. Its keys are public, so it never mixes with anything real."""


class DemonstrationError(Exception):
    """The demonstration cannot be here, and what to do instead."""


class NotTheDemonstration(DemonstrationError):
    """There is data that the loader did not make."""

    def __init__(self, folder: object) -> None:
        super().__init__(
            f"{folder} holds data that is not the demonstration's. Nothing was changed there; "
            "start the demonstration in another folder."
        )


class NotAsDemonstration(DemonstrationError):
    """The application does not run as the demonstration."""

    def __init__(self) -> None:
        super().__init__("Made-up members exist in the demonstration only. To start it, type: openfloor demo")


class NotMade(DemonstrationError):
    """The loader failed; its own message stands above."""

    def __init__(self) -> None:
        super().__init__("The made-up committee could not be made. The next start begins again.")
