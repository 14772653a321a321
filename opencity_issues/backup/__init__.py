"""One file that holds a whole installation, and the way back: the commands `opencity_backup` and `opencity_restore`."""
