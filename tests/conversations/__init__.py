"""What members type, press and read, over the real wire."""
