"""Deleting a domain: by its name, after a delay in which it can be kept, and then with all it has and nothing else."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from oauth.models import Application, Connection
from securelogin.directory.models import Domain, Membership, User
from securelogin.logbook.models import Entry
from securelogin.management import purging
from tests.console.crowd import fill
from tests.console.forms import fill_in, said
from tests.furniture import furnish
from tests.management.running import run


def of(domain: Domain, act: str = "") -> str:
    return f"/operator/domains/{domain.pk}/{act}"


def delete(operator: Client, domain: Domain) -> None:
    assert "will be deleted" in said(operator, fill_in(operator, of(domain, "delete/"), typed=domain.name))
    domain.refresh_from_db()


def wait_out(domain: Domain) -> None:
    Domain.objects.filter(pk=domain.pk).update(purge_after=timezone.now() - timedelta(seconds=1))


def furnished(domain: Domain, name: str) -> None:
    fill(domain, 9)
    furnish(domain, name)


def rows_of(domain: Domain) -> dict[str, int]:
    """Count the rows of every table that belong to the domain."""
    return {
        model.__name__: model._default_manager.filter(domain_id=domain.pk).count()
        for model in apps.get_models()
        if any(field.name in {"domain", "domain_id"} for field in model._meta.get_fields())
    }


def test_it_says_in_numbers_what_goes_and_when(operator: Client, alice: User, acme: Domain) -> None:
    furnished(acme, "Entra")
    page = " ".join(strip_tags(operator.get(of(acme, "delete/")).content.decode()).split())
    for words in ("after 14 days", "10 users", "1 group", "1 manager", "3 connections", "its logbook"):
        assert words in page


@pytest.mark.parametrize("typed", ["", "umbra", "acme2", "ACME"])
def test_another_name_deletes_nothing(operator: Client, acme: Domain, typed: str) -> None:
    assert fill_in(operator, of(acme, "delete/"), typed=typed).status_code == 400
    acme.refresh_from_db()
    assert (acme.state, acme.purge_after) == ("active", None)


def test_it_is_suspended_at_once_and_kept_for_two_weeks(operator: Client, manager: Client, acme: Domain) -> None:
    delete(operator, acme)
    assert manager.get("/d/acme/").status_code == 302
    assert acme.purge_after is not None
    assert timedelta(days=13, hours=23) < acme.purge_after - timezone.now() <= timedelta(days=14)
    assert run("housekeeping")["purged_domains"] == "0"
    assert Domain.objects.filter(pk=acme.pk).exists()


def test_cancelled_it_stays_suspended_until_it_is_resumed(operator: Client, manager: Client, acme: Domain) -> None:
    delete(operator, acme)
    assert "Cancel the deletion first" in said(operator, operator.post(of(acme, "resume/")))
    with pytest.raises(CommandError, match="about to be deleted"):
        run("resume_domain", "acme")
    assert "is kept" in said(operator, operator.post(of(acme, "keep/")))
    assert manager.get("/d/acme/").status_code == 302
    said(operator, operator.post(of(acme, "resume/")))
    assert manager.get("/d/acme/").status_code == 200


def test_no_domain_waits_for_its_deletion_and_works(acme: Domain) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Domain.objects.filter(pk=acme.pk).update(purge_after=timezone.now())


def test_then_all_it_has_is_gone_and_nothing_of_others(
    operator: Client, alice: User, acme: Domain, mallory: User, umbra: Domain
) -> None:
    for domain in (acme, umbra):
        furnished(domain, "Entra")
    clients = set(Application.objects.filter(connections__domain=acme).values_list("pk", flat=True))
    delete(operator, acme)
    wait_out(acme)
    before, told = rows_of(umbra), Entry.objects.filter(path__startswith="/operator/").count()
    assert rows_of(acme)["User"] == 10
    assert run("housekeeping")["purged_domains"] == "1"
    assert not Domain.objects.filter(name="acme").exists()
    assert set(rows_of(acme).values()) == {0}
    assert rows_of(umbra) == before | {"Bookmark": 1}  # housekeeping has counted its cycles
    assert clients
    assert not Application.objects.filter(pk__in=clients).exists()
    assert Entry.objects.filter(path__startswith="/operator/").count() == told - 1  # its operators' line outlives it


def test_a_run_that_was_cut_off_is_finished_by_the_next(
    operator: Client, alice: User, acme: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(acme, "Entra")
    delete(operator, acme)
    wait_out(acme)
    with monkeypatch.context() as patched:
        patched.setattr(purging, "_OF_A_DOMAIN", (Membership, None))
        with pytest.raises(AttributeError):
            run("housekeeping")
    assert not Connection.objects.filter(domain=acme).exists()
    assert User.objects.filter(domain=acme).exists()
    assert run("housekeeping")["purged_domains"] == "1"
    assert not Domain.objects.filter(pk=acme.pk).exists()


def test_once_it_is_due_it_is_too_late(operator: Client, acme: Domain) -> None:
    delete(operator, acme)
    wait_out(acme)
    assert "It is too late" in said(operator, operator.post(of(acme, "keep/")))
    acme.refresh_from_db()
    assert acme.purge_after is not None
