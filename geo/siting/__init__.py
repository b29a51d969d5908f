"""Where stations go: plans with a proven distance from the best one, on plain arrays."""
