"""The files of a proof, in `proofs/<key>/`: `proof.yaml` and the recording of a trial."""
