"""A stand-in for Microsoft Entra ID's provisioning service: a SCIM client that behaves as Entra does, over HTTP.

report = run(Options(tenant_url="https://scim.example/scim/v2", login=SecretToken("…")))
report.passed, report.deviations, report.writes("Unchanged cycle"), print(report.text())
"""

from entra.dialect import Chaos, Dialect, Style
from entra.directory import Size
from entra.options import Authorize, Client, ClientCredentials, Federation, Options, Placement, SecretToken
from entra.report import Deviation, Report
from entra.scenario import run

__all__ = [
    "Authorize",
    "Chaos",
    "Client",
    "ClientCredentials",
    "Deviation",
    "Dialect",
    "Federation",
    "Options",
    "Placement",
    "Report",
    "SecretToken",
    "Size",
    "Style",
    "run",
]
