"""The forms of a risk, one file each; which are offered is said by the register."""
