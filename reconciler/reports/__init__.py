"""Plan and outcome → text and JSON: one module per report and sink, each a pure function from a value to a str.

A sink is where a report ends up: `lines.Text` for a terminal or a log, `sinks.json` for JSON. Everything that a report shows goes
through one of them, and they alone escape. `view` is what the reports of a plan take, so that a saved plan and a fresh one are shown by
the same code.
"""
