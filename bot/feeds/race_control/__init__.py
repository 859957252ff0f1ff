"""Race control: what it says while a session runs, and what it said in sessions past."""
