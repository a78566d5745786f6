"""What GitHub is told of a run, and what it is asked: comments, issues, check runs, and the plan that was reviewed.

`event` is what the runner says of this run, `api` calls the REST API, and each other module is one thing that is kept there. Reports are
written elsewhere and come here as text; nothing in here decides what is written to Flow Service but `reviews`, which can only refuse.
"""
