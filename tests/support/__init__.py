"""Helpers of the tests: small certificates made without the producer's earlier stages, and ways to damage them."""
