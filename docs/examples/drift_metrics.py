"""Turn the JSON of `reconciler drift` into metrics for Prometheus, in its text format.

    reconciler --target prod drift --format json | python drift_metrics.py prod > reconciler.prom

Reads the report from standard input and takes the name of the target. If drift could not be looked for, the metric
`reconciler_drift_check_complete` is 0 and the others are left out: no drift found is not the same as no drift.
"""

import json
import sys
import time


def metrics(report, target, now):
    """The metrics of one report, as text that ends with a line break."""
    problems = report.get("problems", [])
    looked = report.get("report") == "drift" and report.get("format_version") == 1
    complete = looked and not any(problem["severity"] == "error" for problem in problems)
    lines = [
        *family("reconciler_drift_check_timestamp_seconds", "When drift was last looked for.", [({"target": target}, int(now))]),
        *family(
            "reconciler_drift_check_complete",
            "Whether drift could be looked for everywhere.",
            [({"target": target}, int(complete))],
        ),
    ]
    if looked:
        specs = [
            ({"target": target, "kind": action["kind"], "spec": action["key"] or action["name"]}, len(action["changes"]))
            for action in report["actions"]
        ]
        lines += family("reconciler_drift_specs", "Specs that were changed in Flow Service.", [({"target": target}, len(specs))])
        lines += family("reconciler_drift_changes", "Changes of one spec in Flow Service.", specs)
    return "".join(f"{line}\n" for line in lines)


def family(name, text, samples):
    """One metric: its help, its type, and a line for each sample."""
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        shown = ",".join(f'{label}="{escaped(text)}"' for label, text in labels.items())
        yield f"{name}{{{shown}}} {value}"


def escaped(text):
    """A label's value as the format has it."""
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def read(text):
    """The report; an empty one if the command was killed before it printed any."""
    try:
        report = json.loads(text)
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}


if __name__ == "__main__":
    sys.stdout.write(metrics(read(sys.stdin.read()), sys.argv[1], time.time()))
