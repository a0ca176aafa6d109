"""Coverage-guided fuzzing of the readers and the command line (`make fuzz`; a short run is in `make test`)."""
