"""manage.py resume_connection acme CONNECTION_ID"""

from oauth.connections import resume
from oauth.models import Connection
from securelogin.management.operator import ACTOR, ConnectionCommand


class Command(ConnectionCommand):
    help = "Let a paused connection go on."

    def change(self, connection: Connection) -> None:
        resume(connection, ACTOR.label)
