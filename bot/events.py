"""What happened, told to whoever shows it: between those who change and those who show, nobody calls the other."""
