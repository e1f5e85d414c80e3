"""The morning after the story: what waits for people then, so that no page stands there with nothing on it."""

from gateway.run import batons
from gateway.run.demo.stage import Stage
from gateway.run.demo.vendors import JONAS, NORA, concern_of

WISH = "Familien vil gjerne at Hilde tar over, siden det meste skjer på helsestasjonen nå."


def wakes(stage: Stage) -> None:
    """Two edit the same words, a record cannot be read, the baton is offered, and a product is out of order."""
    nordlogg, fjordlogg = stage.vendors.nordlogg, stage.vendors.fjordlogg
    batons.offer(stage.world, stage.case(stage.cast.nora), by="torunn", to="hilde", wish=WISH)
    nordlogg.edit("measure", f"{JONAS}-tiltak", {"beskrivelse": "En voksen er med ut i hvert friminutt."})
    found = stage.log(stage.cast.jonas)
    if found is None:
        raise LookupError
    item = found[1]["items"]["measure"][0]["id"]
    fjordlogg.edit("case", found[0], {"items": {"measure": [{"id": item, "korleis": "To voksne er med ut."}]}})
    unread = {**concern_of(NORA, stage.clock(), "Virker lettere til sinns."), "dato": "i går"}
    nordlogg.make("concern", unread, ident="uro-9")
    stage.round()
    stage.vendors.nordlogg.make("concern", concern_of(JONAS, stage.clock(), "Vil ikke være med ut."), ident="uro-10")
    fjordlogg.fault("status", times=0, status=503)
    stage.round(hours=0)
