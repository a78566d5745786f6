"""An Airflow DAG (Airflow 3) that looks for drift in every target each hour. The task of a target that has drifted fails.

`SPECS` is a checkout on the worker. The credentials of a target are in the connection `aep_<target>`: its login is the client ID, and
its password the client secret.
"""

import logging
from datetime import UTC, datetime, timedelta

from airflow.exceptions import AirflowFailException
from airflow.sdk import BaseHook, dag, task

from reconciler import api

SPECS = "/opt/aep-sources/specs"
TARGETS = ["stage", "prod"]


def credentials(target):
    """The variables that the reconciler reads its credentials from."""
    connection = BaseHook.get_connection(f"aep_{target}")
    return {"RECONCILER_CLIENT_ID": connection.login, "RECONCILER_CLIENT_SECRET": connection.password}


def look_for_drift(target):
    """Fail if specs have drifted. An error of the service is raised, so that Airflow tries again."""
    found = api.drift(SPECS, target=target, environ=credentials(target))
    for action in found.actions:
        paths = [change.path for change in action.changes]
        logging.getLogger(__name__).warning("%s was changed by %s: %s", action.name, action.updated_by, paths)
    if found.found:
        raise AirflowFailException(f"{len(found.actions)} specs have drifted in {target}")
    if not found.complete:
        raise RuntimeError(f"not all specs of {target} could be looked at: {found.errors[0].message}")


@dag(schedule=timedelta(hours=1), start_date=datetime(2026, 1, 1, tzinfo=UTC), catchup=False, tags=["aep"])
def reconciler_drift():
    """One task for each target."""
    task(retries=2)(look_for_drift).expand(target=TARGETS)


reconciler_drift()
