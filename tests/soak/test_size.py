"""A company of ten thousand, with five hundred groups and a hundred thousand memberships, as Entra would bring it."""

import os
from collections.abc import Callable
from statistics import quantiles

import pytest

from entra import Options, Report, SecretToken, Size, run
from tests.installation import Installation
from tests.soak.provisioner import Provisioner
from tests.soak.truth import assert_whole, rows

pytestmark = pytest.mark.soak
# As large a batch as Entra sends (its members come up to this many a PATCH).
BATCH = 100
USERS, GROUPS, MEMBERSHIPS = (int(one) for one in os.environ.get("SOAK_SIZE", "10000,500,100000").split(","))


def figures(report: Report) -> str:
    times = sorted(sample.seconds * 1000 for sample in report.samples)
    percentiles = quantiles(times, n=1000)
    initial = report.phases["Initial cycle"]
    return (
        f"{len(times)} requests, 0 deviations; initial cycle {initial:.0f} s"
        f" ({report.writes('Initial cycle') / initial:.0f} writes a second);"
        f" median {percentiles[499]:.1f} ms, p99 {percentiles[989]:.0f} ms, longest {times[-1]:.0f} ms"
    )


def test_a_company_of_ten_thousand_is_provisioned(here: Installation, say: Callable[[str], None]) -> None:
    acme = Provisioner.of(here, "large")
    options = Options(
        tenant_url=acme.tenant_url,
        login=SecretToken(acme.token),
        size=Size(USERS, GROUPS, MEMBERSHIPS, seed=10),
        member_batch=BATCH,
        quiet=True,
    )
    report = run(options)
    assert report.passed, report.text()
    assert report.writes("Unchanged cycle") == 0
    [(kept,)] = rows(here.environment["DATABASE_URL"], "SELECT count(*) FROM directory_membership")
    assert kept > MEMBERSHIPS / 2  # the cycles after the first take some out
    assert_whole(here.environment["DATABASE_URL"])
    say(f"{USERS} people, {GROUPS} groups, {MEMBERSHIPS} memberships: {figures(report)}")
