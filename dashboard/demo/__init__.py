"""The demo agency: invented offices and people, and the files its systems would have sent."""
