"""manage.py pause_connection acme CONNECTION_ID"""

from oauth.connections import pause
from oauth.models import Connection
from securelogin.management.operator import ACTOR, ConnectionCommand


class Command(ConnectionCommand):
    help = "Pause a connection: its requests are answered with 503 until it is resumed."

    def change(self, connection: Connection) -> None:
        pause(connection, ACTOR.label)
