"""Two years of the demo agency's risk register, played by its people through the use cases."""

from dashboard.demo.register.playing import play_register

__all__ = ["play_register"]
