"""Faults of the machine: killed processes, full disks, read-only folders, two runs at once, clocks, locales, Ctrl-C."""
