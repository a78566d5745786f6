"""A declarative GitOps reconciler for Adobe Experience Platform connection specs."""

__version__ = "0.1.0"
