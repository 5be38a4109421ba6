"""Testimonials for people one met or worked with."""
