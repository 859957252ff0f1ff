"""Between values and plain data as TOML and JSON have it: read strictly, every mistake with its place, and written."""
