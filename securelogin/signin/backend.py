"""Who may sign in: an active user of an active domain, by name and password, at one cost whatever is wrong."""

from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.http import HttpRequest

from securelogin.directory.models import Domain, User
from securelogin.directory.text import comparison_key


class DomainBackend(BaseBackend):
    """Authenticates within one domain; the same user name in another domain is another person."""

    def authenticate(  # type: ignore[override]  # Django passes the credentials as keywords; these are ours
        self,
        _request: HttpRequest | None,
        domain: str | None = None,
        username: str | None = None,
        password: str | None = None,
    ) -> User | None:
        """Return the user, or None. An unknown domain or user costs a hash too, so that time tells nothing."""
        if domain is None or username is None or password is None:
            return None
        user = self._find(domain, username)
        if user is None:
            make_password(password)
            return None
        right = check_password(password, user.password)
        return user if right and self._may_sign_in(user) else None

    def get_user(self, user_id: UUID | str) -> User | None:
        """Return the user of a session, unless she or her domain has been switched off since."""
        user = self._users().filter(pk=user_id).first()
        return user if user is not None and self._may_sign_in(user) else None

    def _find(self, domain: str, username: str) -> User | None:
        return self._users().filter(domain__name=domain, user_name_key=comparison_key(username)).first()

    def _users(self) -> QuerySet[User]:
        return User.objects.select_related("domain", "manager")

    def _may_sign_in(self, user: User) -> bool:
        return user.is_active and user.domain.state == Domain.State.ACTIVE
