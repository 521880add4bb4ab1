"""Columns and constraints that Django lacks: keys compared by code point, and foreign keys of several columns."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class KeyField(models.TextField):  # type: ignore[type-arg]  # Django's fields take no arguments at run time
    """A comparison key. Collation "C" on PostgreSQL makes its order that of SQLite (code points), and its prefixes
    indexable.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class CompositeForeignKey(models.BaseConstraint):
    """`FOREIGN KEY (a, b) REFERENCES table (a, b)`, kept when SQLite rebuilds a table (a `RunSQL` one would be lost).

    Naming domain_id on both sides makes a reference into another domain unrepresentable.
    `columns` are this table's columns, `to_columns` a unique set of columns of `to_table`; `on_delete` is "", "CASCADE"
    or
    "SET NULL". The last two act in the database, so that a set-wise DELETE need not know who refers to the row.
    """

    def __init__(
        self,
        *,
        name: str,
        columns: Sequence[str],
        to_table: str,
        to_columns: Sequence[str],
        on_delete: str = "",
    ) -> None:
        if len(columns) != len(to_columns):
            raise FieldError(f"{name}: as many columns as referenced columns")
        super().__init__(name=name)
        self.columns, self.to_table, self.to_columns = tuple(columns), to_table, tuple(to_columns)
        self.on_delete = on_delete

    def constraint_sql(self, _model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        if schema_editor is None:
            raise FieldError(f"{self.name}: needs a schema editor")
        quote = schema_editor.quote_name
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({', '.join(map(quote, self.columns))})"
            f" REFERENCES {quote(self.to_table)} ({', '.join(map(quote, self.to_columns))})"
            f"{' ON DELETE ' + self.on_delete if self.on_delete else ''} DEFERRABLE INITIALLY DEFERRED"
        )

    def create_sql(  # type: ignore[override]  # Django's own constraints return a Statement; its stubs say str
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        return self._alter(model, schema_editor, f"ADD {self.constraint_sql(model, schema_editor)}")

    def remove_sql(  # type: ignore[override]  # as create_sql
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        return self._alter(model, schema_editor, f"DROP CONSTRAINT {self.name}")

    def _alter(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None, action: str
    ) -> Statement:
        if model is None or schema_editor is None:
            raise FieldError(f"{self.name}: needs a model and a schema editor")
        table = schema_editor.quote_name(model._meta.db_table)  # noqa: SLF001  # Django documents it, underscore and all
        return Statement("ALTER TABLE %(table)s %(action)s", table=table, action=action)

    def validate(self, *_arguments: Any, **_options: Any) -> None:
        """Leave it to the database: a look before the write would race with it."""

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, arguments, options = super().deconstruct()
        options |= {"columns": self.columns, "to_table": self.to_table, "to_columns": self.to_columns}
        if self.on_delete:
            options["on_delete"] = self.on_delete
        return path, arguments, options

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CompositeForeignKey) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.columns, self.to_table, self.to_columns, self.on_delete))
