"""The answers of a submission, by path, as the person at the phone gave them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from spean.kernel.errors import N_, SpeanError


class AnswerMissing(SpeanError):
    """Ask for an answer without which nothing can be done."""

    code = "fieldwork.answer_missing"
    message = N_("The answer to “%(question)s” is missing. Correct it here, or ask the enumerator.")


class AnswerNotADate(SpeanError):
    """Refuse a day that is none."""

    code = "fieldwork.answer_not_a_date"
    message = N_("“%(answer)s” is not a date. Write it as year-month-day, such as 2026-11-23.")


class AnswerNotANumber(SpeanError):
    """Refuse a number that is none."""

    code = "fieldwork.answer_not_a_number"
    message = N_("“%(answer)s” is not a whole number.")


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by path under `at`; each step bears its number, as in `member[2]/sex[1]`."""

    values: Mapping[str, str]
    at: str = ""

    def text(self, path: str) -> str:
        """Give the answer at a path ("home/address"), "" where there is none."""
        return self.values.get(self.full(path), "").strip()

    def required(self, path: str) -> str:
        """Give an answer that has to be there. Raises AnswerMissing."""
        found = self.text(path)
        if not found:
            raise AnswerMissing(question=path)
        return found

    def chosen(self, path: str) -> tuple[str, ...]:
        """Give the codes chosen in a question with several answers."""
        return tuple(self.text(path).split())

    def is_yes(self, path: str) -> bool:
        """Say whether the answer is yes."""
        return self.text(path) == "yes"

    def day(self, path: str) -> date | None:
        """Give a day, None where there is none. Raises AnswerNotADate."""
        found = self.text(path)
        try:
            return date.fromisoformat(found[:10]) if found else None
        except ValueError as error:
            raise AnswerNotADate(answer=found) from error

    def number(self, path: str) -> int | None:
        """Give a whole number, None where there is none. Raises AnswerNotANumber."""
        found = self.text(path)
        try:
            return int(found) if found else None
        except ValueError as error:
            raise AnswerNotANumber(answer=found) from error

    def each(self, path: str) -> Iterator["Answers"]:
        """Give the answers of each repeat, in order; an empty one (never filled in) is left out."""
        n = 1
        while any(self._under(f"{path}[{n}]")):
            one = Answers(self.values, self._joined(f"{path}[{n}]"))
            if any(value.strip() for value in one.inside().values()):
                yield one
            n += 1

    def inside(self) -> dict[str, str]:
        """Give all the answers under this place, by path without numbers."""
        start = f"{self.at}/" if self.at else ""
        return {
            path[len(start) :].replace("[1]", ""): value
            for path, value in self.values.items()
            if path.startswith(start)
        }

    def full(self, path: str) -> str:
        """Give a path under this place with a number at each step."""
        steps = (step if step.endswith("]") else f"{step}[1]" for step in path.split("/"))
        return self._joined("/".join(steps))

    def _joined(self, path: str) -> str:
        return f"{self.at}/{path}" if self.at else path

    def _under(self, path: str) -> Iterator[bool]:
        start = self._joined(path)
        return (held == start or held.startswith(f"{start}/") for held in self.values)
