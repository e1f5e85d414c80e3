"""Envelopes and messages of Fiks IO, for plugins: a library, no adapter of its own.

``certificates`` looks at whom something is for or from, ``cms`` encrypts and signs, ``asice`` packs and opens signed
containers, ``message`` says what a message is, ``send`` hands messages in over HTTP, ``broker`` is what a queue can do,
``amqp`` a real one behind blocking calls, ``consumer`` the rules by which a message is taken out of it.
"""
