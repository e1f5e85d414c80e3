"""KITH messages: MsgHead 1.2 around Dialogmelding 1.0 or 1.1 (HIS 80603), and AppRec 1.0 or 1.1 (HIS 80415).

``values`` holds what a message says, ``dialogue`` and ``receipt`` write and read it. What a message can say and these
values cannot (addresses, telephone numbers, signatures) is passed over when it is read: nobody here needs it.

Codes of faults: ``kith.root`` (neither of the two documents), ``kith.version`` (a version that nobody has documented,
or another than its namespace), ``kith.missing`` (something that must be there), ``kith.value`` (a date, number or
character that is none), ``kith.content`` (no dialogue message inside), ``kith.only_1_1`` (version 1.0 has no place for
it), and those of ``gateway.sdk.xmlio``.
"""
