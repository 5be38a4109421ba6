"""The story that `make demo` plays: the real bot, a Discord on loopback, a made-up community."""
