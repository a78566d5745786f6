"""The files of a new repository: settings, workflows, and what git leaves out."""
