"""How requests are authorised, and how we show who we are. An adapter never sees a token: its HTTP client does this.

===================  ==================================================================================
module               holds
===================  ==================================================================================
``claims``           what is signed: the JWT grant, the client assertion, the DPoP proof (pure)
``keys``             private keys from PEM or JWK, signing, thumbprints
``tokens``           a token endpoint, and the token that is kept until shortly before it ends
``authorising``      what the HTTP client calls: basic, a fixed token, a fetched one, one bound to a key
``outlets``          client certificates and proxies
===================  ==================================================================================

What goes wrong with a token is told before anything is sent to the system, so nothing took effect there:
``Unreachable("auth.unreachable")`` waits, and every other ``auth.`` code is ``Misconfigured``.
No error, log or representation holds a token, a secret or what an authority said in words.
"""
