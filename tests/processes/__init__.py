"""Several processes of Kith on one database."""
