from django.db import NotSupportedError
from django.db.migrations.operations.base import Operation


class RunVendorSQL(Operation):
    """Statements by database, and their reverse: `{"sqlite": […], "postgresql": […]}`."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, create, drop):
        self.create = create
        self.drop = drop

    def state_forwards(self, app_label, state):
        """It changes what no model knows of."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._run(self.create, schema_editor)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._run(self.drop, schema_editor)

    def _run(self, statements, schema_editor):
        vendor = schema_editor.connection.vendor
        if vendor not in statements:
            raise NotSupportedError(f"This migration is not written for {vendor}.")
        for statement in statements[vendor]:
            schema_editor.execute(statement, params=None)

    def describe(self):
        return "SQL by vendor"
