"""The web: pages where people see and act, and an API for software. It shows what the gate lets a person see."""
