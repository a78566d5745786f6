"""Reports: one module per report and sink, each a pure function from a value to a str.

A sink is the destination of a report: `sinks.text` for a terminal or a log, `sinks.markdown` for GitHub, `sinks.json` for JSON. Only sinks
escape, and everything that a report shows goes through one. Plan reports render the view in `plan.view`, so a saved plan and a fresh one
share the same code.
"""
