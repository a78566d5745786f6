"""GitHub: comments, issues, check runs, and the reviewed plan.

`event` reads the runner's environment, `api` calls the REST API, and each other module handles one kind of object. Reports are rendered
elsewhere and passed in as strings. Of these modules only `gates` and `reviews` affect writes to Flow Service, and they can only refuse one.
"""
