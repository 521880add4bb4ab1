"""Health: whether the database answers, what waits, when housekeeping ran, and whether mail leaves the house."""

import django
from django.test import Client
from django.utils.html import strip_tags
from pytest_django import DjangoAssertNumQueries, Settings

from tests.management.running import run

PAGE = "/operator/health/"


def words(operator: Client) -> str:
    return " ".join(strip_tags(operator.get(PAGE).content.decode()).split())


def test_housekeeping_is_seen_once_it_ran(operator: Client) -> None:
    assert "Run manage.py housekeeping once a day." in words(operator)
    run("housekeeping")
    assert "There was nothing to do." in words(operator)


def test_a_missing_mail_server_is_said(operator: Client, settings: Settings) -> None:
    assert "A server is set." in words(operator)
    settings.EMAIL_BACKEND = "securelogin.mail.Unsent"
    assert "No server is set (MAIL_URL)" in words(operator)


def test_versions_are_those_that_run(operator: Client) -> None:
    page = words(operator)
    assert f"Django{django.get_version()}" in page
    assert "answers in" in page


def test_it_costs_little(operator: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(5):
        operator.get(PAGE)
