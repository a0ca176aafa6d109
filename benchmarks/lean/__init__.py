"""What it costs to prove the bound of one certificate, by the two checkers, by Lean's kernel and by other means."""
