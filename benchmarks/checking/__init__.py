"""How long a whole check takes, and its parts, with each arithmetic of the checker."""
