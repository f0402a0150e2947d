"""Account numbers that look like a slip of another."""


def looks_mistyped(number: str, other: str) -> bool:
    """Say whether one digit differs, or two neighbours changed places, and nothing else."""
    if len(number) != len(other):
        return False
    odd = [place for place in range(len(number)) if number[place] != other[place]]
    if len(odd) == 1:
        return True
    return (
        len(odd) == 2
        and odd[1] == odd[0] + 1
        and (number[odd[0]], number[odd[1]]) == (other[odd[1]], other[odd[0]])
    )
