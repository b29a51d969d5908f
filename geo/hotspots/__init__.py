"""Where requests cluster, whether it is real and whether it grows: cells, rates, Gi*, trends, scans, on plain arrays."""
