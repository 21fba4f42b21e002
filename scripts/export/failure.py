"""Failures as in Reelmill: one sentence and an exit code from sysexits."""

USAGE = 64
BAD_INPUT = 65
NO_INPUT = 66
MISSING_TOOL = 69
CANNOT_WRITE = 73


class Failure(Exception):
    """A failure with one cause and one sentence. Any other exception is a bug."""

    def __init__(self, exit_code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def bad_input(sentence: str) -> Failure:
    return Failure(BAD_INPUT, sentence)


def usage(sentence: str) -> Failure:
    return Failure(USAGE, sentence)
