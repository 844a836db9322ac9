"""The kernel and the BIFs: what processes, signals, links, monitors, names, receives and timers do."""
