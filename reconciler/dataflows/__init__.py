"""What a proof makes at Adobe, as values and as three clients.

`reading.ProofReader` sends only GETs, `writing.ProofWriter` makes what a proof needs, `cleaning.ProofCleaner` reads and deletes. `calling`
checks each call against the list of its client before anything is sent, so none of them can write a spec, and the cleaner can make nothing.
`places` has the endpoint of each type, `lists` the four forms of lists; `items`, `runs` and `answers` turn answers into values.
"""
