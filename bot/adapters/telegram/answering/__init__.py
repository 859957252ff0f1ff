"""What is answered to an update, where, and who sees it."""
