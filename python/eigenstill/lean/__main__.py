"""`python -m eigenstill.lean`: the commands of `eigenstill lean` on their own."""

from eigenstill.lean.cli import main

if __name__ == "__main__":
    main()
