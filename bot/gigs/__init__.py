"""The gig board: paid work that is screened, posted, answered and closed."""
