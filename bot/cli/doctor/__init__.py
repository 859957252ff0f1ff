"""What `racing-incident doctor` looks at, one thing a module."""
