"""The story that `make demo` plays: the real bot, a Discord on loopback, and a community of made-up people."""
