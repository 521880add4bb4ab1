"""What django-scim2 leaves to its integrator: the two paths Entra sends of a user that it has no handler for."""

from typing import Any

from django_scim.adapters import SCIMUser

WORK_EMAIL = 'emails[type eq "work"].value'


class PersonAdapter(SCIMUser):
    def split_path(self, path: str) -> Any:
        return path if path in {"displayName", WORK_EMAIL} else super().split_path(path)

    def handle_path_and_value(self, path: Any, value: Any, operation: dict[str, Any]) -> None:
        if path == "displayName":
            self.obj.first_name, _, self.obj.last_name = value.partition(" ")
            self.save()
        elif path == WORK_EMAIL:
            self.obj.email = value
            self.save()
        else:
            super().handle_path_and_value(path, value, operation)
