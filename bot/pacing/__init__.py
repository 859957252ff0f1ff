"""Waiting: by which clock, for how long after a failure, how often, how evenly; and what is remembered meanwhile."""
