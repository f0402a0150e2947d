"""A change of policy without a case on its first day and the day before is not covered."""

from datetime import timedelta
from pathlib import Path

from spean.kernel.policy import Scorecard, policy, strict_yaml


def test_each_dated_change_has_a_case_on_its_first_day_and_on_the_day_before() -> None:
    cases = {
        (case["policy"], case["day"])
        for path in Path(__file__).parent.glob("*.yaml")
        for case in strict_yaml.read(path).values()
    }

    missing = [
        (key, day)
        for key in policy.all_keys
        for since in policy.history(key)
        for day in (since - timedelta(days=1), since)
        if (key, day) not in cases
    ]

    assert missing == []


def test_the_scorecard_gives_68_points_at_most() -> None:
    history = policy.history("targeting.scorecard").values()

    assert [card.most_points for card in history if isinstance(card, Scorecard)] == [68, 68]
