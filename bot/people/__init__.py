"""Communities, people and their profiles: the record every other feature stands on."""
