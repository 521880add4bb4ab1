"""The deletion guard by command: looking, releasing, and setting what may go."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from securelogin.directory.guard import Thresholds, end_forgotten, thresholds_of
from securelogin.directory.held import Guard
from securelogin.directory.models import Domain
from tests.console.guarded import hold
from tests.management.running import run


def test_status_tells_the_defaults_of_a_domain_that_has_set_nothing(acme: Domain) -> None:
    told = run("guard_status", "acme")
    assert (told["state"], told["most"], told["percent"], told["held_users"]) == ("watching", "500", "10", "0")


def test_status_tells_what_is_held_and_release_lets_it_go(acme: Domain) -> None:
    hold(acme, 3)
    told = run("guard_status", "acme")
    assert (told["state"], told["held_users"], told["held_groups"]) == ("held", "3", "1")
    told = run("release_held", "acme")
    assert (told["state"], told["by"]) == ("released", "Operator's command")
    assert told["released_until"]
    with pytest.raises(CommandError, match="holds nothing"):
        call_command("release_held", "acme")


def test_what_is_named_is_set_and_the_rest_stays(acme: Domain) -> None:
    run("set_guard", "acme", "--most", "7")
    told = run("set_guard", "acme", "--percent", "3", "--minutes", "5", "--newcomer-hours", "0")
    assert thresholds_of(Guard.objects.get()) == Thresholds(most=7, percent=3, minutes=5, newcomer_hours=0)
    assert told["most"] == "7"
    assert run("set_guard", "acme", "--off")["state"] == "off"
    assert run("set_guard", "acme", "--on")["state"] == "watching"


@pytest.mark.parametrize("words", [["--most", "0"], ["--percent", "101"], ["--newcomer-hours", "-1"]])
def test_a_number_that_makes_no_sense_is_refused(acme: Domain, words: list[str]) -> None:
    with pytest.raises(CommandError, match="is a number from"):
        call_command("set_guard", "acme", *words)
    assert not Guard.objects.exists()


def test_housekeeping_ends_a_hold_that_nothing_comes_to_any_more(acme: Domain) -> None:
    hold(acme, 1)
    assert run("housekeeping")["holds_that_are_over"] == "0"
    Guard.objects.update(last_held="2026-01-01T00:00:00Z")
    assert run("housekeeping")["holds_that_are_over"] == "1"
    assert end_forgotten() == 0
