"""Writing down what a family says, blocks, and what each would do; why a field goes where, now and before."""

TEXTS = {
    "case.family": ("Familien", "Familien", "The family"),
    "grid.if_back": ("{name} tar ja tilbake", "{name} tek ja tilbake", "{name} takes the yes back"),
    "grid.if_block": ("tjenesten sperres", "tenesta blir sperra", "the service is blocked"),
    "grid.every": ("Vis alle enheter", "Vis alle einingar", "Show all units"),
    "trial.given": (
        "Hva om {name} sier ja til {service}?", "Kva om {name} seier ja til {service}?",
        "What if {name} says yes to {service}?",
    ),
    "trial.refused": ("Hva om {name} sier nei?", "Kva om {name} seier nei?", "What if {name} says no?"),
    "trial.withdraw": (
        "Hva om {name} tar tilbake ja til {service}?", "Kva om {name} tek tilbake ja til {service}?",
        "What if {name} takes the yes to {service} back?",
    ),
    "trial.block": (
        "Hva om sperren settes for {service}?", "Kva om sperra blir sett for {service}?",
        "What if {service} is blocked?",
    ),
    "trial.every": ("alle tjenester", "alle tenester", "every service"),
    "trial.only": ("Bare dette:", "Berre dette:", "Only this:"),
    "trial.starts": ("{n} felt begynner å gå", "{n} felt byrjar å gå", "{n} fields begin to go"),
    "trial.stops": ("{n} felt slutter å gå", "{n} felt sluttar å gå", "{n} fields stop going"),
    "trial.asked_back": (
        "{n} felt som er sendt, bes tilbake", "{n} felt som er sende, blir bedne tilbake",
        "{n} fields that were sent are asked back",
    ),
    "trial.gives_back.itself": (
        "Systemet tar det bort selv.", "Systemet tek det bort sjølv.", "The system removes it by itself.",
    ),
    "trial.gives_back.by_hand": (
        "En person må ta det bort der.", "Ein person må ta det bort der.", "A person must remove it there.",
    ),
    "trial.gives_back.cannot": (
        "Systemet kan ikke gi det tilbake; noen må følge det opp.",
        "Systemet kan ikkje gje det tilbake; nokon må følgje det opp.",
        "The system cannot give it back; somebody must follow that up.",
    ),
    "trial.seen": (
        "Tallene teller det du selv kan se i saken. Ingenting er endret.",
        "Tala tel det du sjølv kan sjå i saka. Ingenting er endra.",
        "The numbers count what you yourself can see in the case. Nothing is changed.",
    ),
    "consents.look": ("Se hva som vil skje", "Sjå kva som vil skje", "See what will happen"),
    "consents.kept": (
        "Det du fylte ut, står her ennå.", "Det du fylte ut, står her enno.", "What you filled in still stands here.",
    ),
    "consents.only": ("Bare noe av innholdet", "Berre noko av innhaldet", "Only some of the content"),
    "consents.only_why": (
        "Uten kryss gjelder det alt.", "Utan kryss gjeld det alt.", "With no box ticked it is for all.",
    ),
    "consents.does.block": (
        "Tjenesten får ingenting, uansett hva noen har samtykket til. Det som er sendt, bes tilbake.",
        "Tenesta får ingenting, uansett kva nokon har samtykt til. Det som er sendt, blir bede tilbake.",
        "The service gets nothing, whatever anyone has consented to. What was sent is asked back.",
    ),
    "consents.does.lift": (
        "Samtykkene og loven avgjør igjen hva tjenesten får. Grunnen skrives ned med navnet ditt.",
        "Samtykka og lova avgjer igjen kva tenesta får. Grunnen blir skriven ned med namnet ditt.",
        "The consents and the law decide again what the service gets. The reason is written down with your name.",
    ),
    "blocks.title": ("Sperrer som gjelder", "Sperrer som gjeld", "Blocks that stand"),
    "blocks.set": ("Sperr en tjeneste ute", "Steng ei teneste ute", "Block a service"),
    "blocks.whom": ("Hvilken tjeneste", "Kva teneste", "Which service"),
    "blocks.save": ("Sett sperren", "Set sperra", "Set the block"),
    "blocks.reason": ("Hvorfor oppheves den?", "Kvifor blir ho oppheva?", "Why is it lifted?"),
    "blocks.lift": ("Opphev sperren", "Opphev sperra", "Lift the block"),
    "why.ask": ("Hvilken mottaker og når", "Kva mottakar og når", "Which receiver and when"),
    "why.to": ("Mottaker", "Mottakar", "Receiver"),
    "why.at": ("Slik det var", "Slik det var", "As it was at"),
    "why.show": ("Vis", "Vis", "Show"),
    "why.then": (
        "Slik var det, og slik ville det blitt avgjort, {at}.", "Slik var det, og slik ville det blitt avgjort, {at}.",
        "So it was, and so it would have been decided, {at}.",
    ),
    "why.settings": (
        "Innstillingene er de som gjaldt fra {at}.", "Innstillingane er dei som galdt frå {at}.",
        "The settings are those that held from {at}.",
    ),
    "why.settings_now": (
        "Innstillingene fra den gang er ikke kjent; det er dagens.",
        "Innstillingane frå den gongen er ikkje kjende; det er dei frå i dag.",
        "The settings of that time are not known; these are today's.",
    ),
    "why.not_yet": (
        "Dette var ikke kjent her på den tiden.", "Dette var ikkje kjent her på den tida.",
        "This was not known here at that time.",
    ),
    "why.secrecy_basis": ("Taushetsplikten viker etter", "Teieplikta vik etter", "Secrecy yields by"),
    "why.processing_basis": ("Behandlingen skjer etter", "Behandlinga skjer etter", "The processing is by"),
}  # fmt: skip
