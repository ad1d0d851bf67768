"""The database that Esmero brings along: PostgreSQL in the data folder, reached by a Unix socket.

Nothing here imports Django: the cluster runs before the settings are read.
"""

from esmero.config.postgres.binaries import Binaries, find_binaries
from esmero.config.postgres.cluster import Cluster
from esmero.config.postgres.problems import ClusterBusy, ClusterProblem
from esmero.config.postgres.shared import in_use

__all__ = ["Binaries", "Cluster", "ClusterBusy", "ClusterProblem", "find_binaries", "in_use"]
