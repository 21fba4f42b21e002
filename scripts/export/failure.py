"""What can go wrong, as the mill says it: one sentence and an exit code of sysexits."""

USAGE = 64
BAD_INPUT = 65
NO_INPUT = 66
MISSING_TOOL = 69
CANNOT_WRITE = 73


class Failure(Exception):
    """A failure with one cause and one sentence; what else is thrown is a bug."""

    def __init__(self, exit_code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code


def bad_input(sentence: str) -> Failure:
    return Failure(BAD_INPUT, sentence)


def usage(sentence: str) -> Failure:
    return Failure(USAGE, sentence)
