"""The Flow Service client: credentials, endpoints and response shapes.

`specs.LiveSpec` is a live spec, `client.SpecReader` reads specs, `client.SpecWriter` writes them, and `connecting` creates either for a
target. A new endpoint is a method in `client`, a new hint for an error a line in `hints`. `http` sends the requests.
"""
