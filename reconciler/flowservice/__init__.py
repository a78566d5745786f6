"""The live side: credentials, the endpoints and the shapes of their answers.

`specs.LiveSpec` is what Flow Service holds, `client.SpecReader` reads it, `client.SpecWriter` writes it, and `connecting` makes either of
them for a target. A new endpoint is a method in `client`, a new hint on an error a line in `hints`; when a call is repeated stands in
`verdicts`. How it is sent, and how often, is the room `http`.
"""
