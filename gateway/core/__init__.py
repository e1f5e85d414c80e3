"""The pure core: what a record is, whose word stands, and what may leave.

Nothing here reads a clock, draws a random number, logs, or touches a file or a socket.
"""
