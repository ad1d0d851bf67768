"""What can be wrong with the database that Esmero brings along."""


class ClusterProblem(Exception):
    """The cluster cannot be made, started or stopped; the message says why and what to do."""


class ClusterBusy(ClusterProblem):
    """Another process holds the data folder."""
