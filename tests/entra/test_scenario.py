"""Whole runs against a small server: a good one passes, and each planted fault is found, with Entra's code for it."""

import pytest

import entra
from entra import Chaos, Dialect, Options, Report, SecretToken, Size, Style
from tests.entra.fake_scim import TOKEN, FakeScim, serving_scim
from tests.entra.faults import Fault

INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
RESENT = "none: it is sent again in every cycle"
UNSEEN = "none: Entra does not look"


def provision(scim: FakeScim, style: Style = Style(), token: str = TOKEN, **more: object) -> Report:  # noqa: B008 - frozen
    with serving_scim(scim) as tenant_url:
        size = Size(users=24, groups=6, seed=3)
        login = SecretToken(token)
        return entra.run(Options(tenant_url=tenant_url, login=login, size=size, style=style, quiet=True, **more))


@pytest.mark.parametrize("chaos", [frozenset(), frozenset(Chaos)], ids=["plain", "chaos"])
@pytest.mark.parametrize("dialect", Dialect)
def test_a_good_server_passes(dialect: Dialect, chaos: frozenset[Chaos]) -> None:
    report = provision(FakeScim(), Style(dialect, chaos))
    assert report.passed, report.text()
    assert report.writes("Initial cycle") > 24
    assert report.writes("Incremental cycle 1") > 0
    assert report.writes("Unchanged cycle") == 0
    assert report.writes("Restart") == 0


@pytest.mark.parametrize(
    "more", [{"match": "externalId"}, {"mapping": "securelogin"}, {"mapping": "logicgate"}, {"member_batch": 7}]
)
def test_a_good_server_passes_with_other_settings(more: dict[str, object]) -> None:
    report = provision(FakeScim(), **more)
    assert report.passed, report.text()


def test_a_mapping_without_groups_leaves_groups_alone() -> None:
    scim = FakeScim()
    provision(scim, mapping="logicgate")
    assert not [line for line, _ in scim.seen if "/Groups" in line]


def test_everything_is_gone_after_the_clean_up() -> None:
    scim = FakeScim()
    assert provision(scim, clean_up=True).passed
    assert scim.rows == {"Users": {}, "Groups": {}}


@pytest.mark.parametrize(
    "fault,sentence,code",
    [
        (Fault.WIPES_MEMBERS, "members are missing", UNSEEN),
        (Fault.ACTIVE_AS_STRING, "active is 'True'; booleans are answered as booleans.", RESENT),
        (Fault.TRANSFORMS_PHONES, "and is shown as '+1(425)555-", RESENT),
        (Fault.NO_LOCATION, "A 201 needs a Location header", UNSEEN),
        (Fault.NUMERIC_STATUS, 'must be the string "404"', UNSEEN),
        (Fault.HIDES_DISABLED, "whether active or not", RESENT),
        (Fault.SHOWS_MEMBERS, "although they were excluded", "MultipleEntriesInResponse"),
        (Fault.NO_UPSERT, "'06-12 34 56 78' and is shown as None", RESENT),
        (Fault.TAKES_DUPLICATES, "The answer is 201; Entra needs 409.", "DuplicateTargetEntries"),
        (Fault.ONE_PAGE, "stood on an earlier page too", UNSEEN),
        (Fault.FORGETS_MANAGER, "manager.value was sent as", RESENT),
        (Fault.SHOWS_NULL, "title is null", UNSEEN),
        (Fault.IGNORES_FILTERS, "but somebody was found", "IncompatibleFiltering"),
        (Fault.CASE_MATTERS, "whatever its case", RESENT),
        (Fault.KEEPS_CLEARED, "was sent as None and is shown as", RESENT),
        (Fault.ONLY_ADDS_MEMBERS, "0 members are missing, 1 are too many.", UNSEEN),
        (Fault.LOSES_GROUP_RENAMES, "displayName was sent as", RESENT),
    ],
)
def test_a_fault_is_found(fault: Fault, sentence: str, code: str) -> None:
    found = [(each.wrong, each.code) for each in provision(FakeScim(fault)).deviations]
    assert [wrong for wrong, shown in found if sentence in wrong and shown.endswith(code)], found


@pytest.mark.parametrize("fault", [Fault.FORGETS_MANAGER, Fault.TRANSFORMS_PHONES, Fault.LOSES_GROUP_RENAMES])
def test_what_does_not_come_back_is_written_in_a_cycle_without_changes(fault: Fault) -> None:
    report = provision(FakeScim(fault))
    assert report.writes("Unchanged cycle") > 0
    assert any("Nothing changed in the source" in each.wrong for each in report.deviations)


@pytest.mark.parametrize(
    "fault,sentence",
    [
        (Fault.NO_GROUPS, "the probe of /Groups failed. The answer is 404; Entra needs 200."),
        (Fault.PLAIN_JSON, "it must be application/scim+json"),
        (Fault.HTML, "The Content-Type is 'text/html'"),
        (Fault.REDIRECTS, "The answer is 308, a redirect"),
    ],
)
def test_a_failing_probe_ends_the_run_in_quarantine(fault: Fault, sentence: str) -> None:
    report = provision(FakeScim(fault))
    assert sentence in report.quarantine
    assert INCOMPATIBLE in report.quarantine
    assert list(report.phases) == ["Authorize", "Test Connection"]
    assert not report.passed


@pytest.mark.parametrize("users", range(8))
def test_senseless_documents_do_not_stop_the_stand_in(users: int) -> None:
    with serving_scim(FakeScim(Fault.GARBLES)) as tenant_url:
        size = Size(users=10 + users, groups=2, seed=users)
        report = entra.run(Options(tenant_url=tenant_url, login=SecretToken(TOKEN), size=size, quiet=True))
    assert not report.passed
    assert report.text()


def test_a_wrong_token_is_told_as_invalid_credentials() -> None:
    report = provision(FakeScim(), token="another")
    assert "InvalidCredentials" in report.quarantine
    assert {each.wrong for each in report.deviations} == {"The answer is 401; Entra needs 200."}
