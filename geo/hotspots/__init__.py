"""Where requests cluster, whether it is real and grows: cells, rates, Gi*, trends, scans, silence, on arrays."""
