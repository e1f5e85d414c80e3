"""What the doctor finds, in words."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "doctor.good": ("I orden.", "I orden.", "Well."),
    "doctor.broke": (
        "Dette kunne ikke undersøkes: kontrollen selv feilet.",
        "Dette kunne ikkje undersøkjast: kontrollen sjølv feila.",
        "This could not be looked at: the check itself failed.",
    ),
    "doctor.unasked": ("Ingen er spurt (--offline).", "Ingen er spurd (--offline).", "Nobody was asked (--offline)."),
    "doctor.issuer_away": (
        "Den som sier hvem folk eller programmer er, svarer ikke.",
        "Den som seier kven folk eller program er, svarar ikkje.",
        "Whoever says who people or programs are does not answer.",
    ),
    "doctor.issuer_other": (
        "Det som svarer, er en annen utsteder enn innstillingene sier.",
        "Det som svarar, er ein annan utferdar enn innstillingane seier.",
        "What answers is another issuer than the settings say.",
    ),
    "doctor.not_posix": (
        "Filrettigheter undersøkes bare på Linux og Unix.",
        "Filrettar blir berre undersøkte på Linux og Unix.",
        "Rights of files are looked at on Linux and Unix alone.",
    ),
    "doctor.root": (
        "Programmet kjører som root.",
        "Programmet køyrer som root.",
        "The program runs as root.",
    ),
    "doctor.changed_by_others": (
        "Andre brukere på maskinen kan endre dette.",
        "Andre brukarar på maskina kan endre dette.",
        "Other users of the machine can change this.",
    ),
    "doctor.read_by_others": (
        "Andre brukere på maskinen kan lese databasen.",
        "Andre brukarar på maskina kan lese databasen.",
        "Other users of the machine can read the database.",
    ),
    "doctor.unwritable": (
        "Programmet kan ikke skrive her.",
        "Programmet kan ikkje skrive her.",
        "The program cannot write here.",
    ),
    "doctor.disk_low": ("Det er lite plass igjen.", "Det er lite plass att.", "There is little room left."),
    "doctor.disk_empty": (
        "Det er nesten ikke plass igjen; snart kan ingenting lagres.",
        "Det er nesten ikkje plass att; snart kan ingenting lagrast.",
        "There is hardly any room left; soon nothing can be saved.",
    ),
    "doctor.backup_unknown": (
        "Ingen ser etter sikkerhetskopiene.",
        "Ingen ser etter tryggingskopiane.",
        "Nobody looks after the backups.",
    ),
    "doctor.backup_unseen": (
        "Mappen med sikkerhetskopier kan ikke leses.",
        "Mappa med tryggingskopiar kan ikkje lesast.",
        "The folder of the backups cannot be read.",
    ),
    "doctor.backup_none": (
        "Det er ingen sikkerhetskopi.",
        "Det er ingen tryggingskopi.",
        "There is no backup.",
    ),
    "doctor.backup_old": (
        "Den nyeste sikkerhetskopien er gammel.",
        "Den nyaste tryggingskopien er gammal.",
        "The newest backup is old.",
    ),
    "doctor.time_zone": (
        "Maskinen kjenner ikke tidssonen Europe/Oslo.",
        "Maskina kjenner ikkje tidssona Europe/Oslo.",
        "The machine does not know the time zone Europe/Oslo.",
    ),
    "doctor.time_zone_rules": (
        "Maskinens regler for sommertid er andre enn de vi kjenner.",
        "Reglane til maskina for sommartid er andre enn dei vi kjenner.",
        "The machine's rules of summer time are others than those we know.",
    ),
    "doctor.no_store_open": (
        "Dette krever en åpen database.",
        "Dette krev ein open database.",
        "This needs an open store.",
    ),
    "doctor.store_none": (
        "Databasen er ikke laget ennå.",
        "Databasen er ikkje laga enno.",
        "The database is not made yet.",
    ),
    "doctor.store_unreadable": (
        "Filen er ingen database av våre, eller den er ødelagt.",
        "Fila er ingen database av våre, eller ho er øydelagd.",
        "The file is no database of ours, or it is damaged.",
    ),
    "doctor.store_older": (
        "Databasen er fra et eldre program; den bringes i takt ved neste start.",
        "Databasen er frå eit eldre program; han blir brakt i takt ved neste start.",
        "The database is an older program's; the next start brings it up to date.",
    ),
    "doctor.audit_never_signed": (
        "Revisjonsloggen er aldri signert.",
        "Revisjonsloggen er aldri signert.",
        "The audit log was never signed.",
    ),
    "doctor.audit_unsigned": (
        "Det er lenge siden revisjonsloggen ble signert.",
        "Det er lenge sidan revisjonsloggen vart signert.",
        "The audit log was signed long ago.",
    ),
    "doctor.audit_unread": (
        "Revisjonsloggen ble ikke lest (--quick), og er ikke lest før.",
        "Revisjonsloggen vart ikkje lesen (--quick), og er ikkje lesen før.",
        "The audit log was not read (--quick), and never was.",
    ),
    "doctor.audit_broken": (
        "Revisjonsloggen holder ikke.",
        "Revisjonsloggen held ikkje.",
        "The audit log does not hold.",
    ),
    "doctor.paused": ("All sending er stanset.", "All sending er stansa.", "All sending is paused."),
    "doctor.never_read": (
        "Systemet er aldri lest.",
        "Systemet er aldri lese.",
        "The system was never read.",
    ),
    "doctor.quiet": (
        "Det er lenge siden systemet ble lest uten vansker.",
        "Det er lenge sidan systemet vart lese utan vanskar.",
        "It is long since the system was read without trouble.",
    ),
    "doctor.waits": (
        "Det er lenge siden noe skulle vært sendt.",
        "Det er lenge sidan noko skulle vore sendt.",
        "Something should have been sent long ago.",
    ),
    "doctor.held": (
        "Poster kan ikke leses og ligger i karantene.",
        "Postar kan ikkje lesast og ligg i karantene.",
        "Records cannot be read and are in quarantine.",
    ),
    "doctor.unsure": (
        "Ingen vet om leveringer kom fram.",
        "Ingen veit om leveringar kom fram.",
        "Nobody knows whether deliveries arrived.",
    ),
    "doctor.tasks_late": (
        "Oppgaver har gått over fristen.",
        "Oppgåver har gått over fristen.",
        "Tasks are past their deadline.",
    ),
    "doctor.notices_fail": (
        "Varsler til folk kommer ikke ut.",
        "Varsel til folk kjem ikkje ut.",
        "Notices to people do not get out.",
    ),
    "doctor.notices_none": (
        "Ingen får beskjed om at det venter oppgaver.",
        "Ingen får melding om at det ventar oppgåver.",
        "Nobody is told that tasks wait.",
    ),
    "doctor.law_unread": (
        "Hjemler er ikke lest av kommunens jurist; det som bygger på dem, holdes tilbake.",
        "Heimlar er ikkje lesne av juristen til kommunen; det som byggjer på dei, blir halde tilbake.",
        "Legal bases are unread by the municipality's lawyer; what stands on them is kept back.",
    ),
    "doctor.clock": (
        "Klokken her og klokken i systemet går ulikt.",
        "Klokka her og klokka i systemet går ulikt.",
        "The clock here and the system's clock differ.",
    ),
    "doctor.clock_unknown": (
        "Ingen systemer har sagt hva klokken er.",
        "Ingen system har sagt kva klokka er.",
        "No system has told what time it is.",
    ),
    "doctor.ended": (
        "Sertifikatet eller nøkkelen har gått ut.",
        "Sertifikatet eller nøkkelen har gått ut.",
        "The certificate or token has ended.",
    ),
    "doctor.ends": (
        "Sertifikatet eller nøkkelen går snart ut.",
        "Sertifikatet eller nøkkelen går snart ut.",
        "The certificate or token ends soon.",
    ),
    "doctor.web_none": (
        "Nettsidene er ikke slått på.",
        "Nettsidene er ikkje slått på.",
        "The web is not switched on.",
    ),
    "doctor.web_trial": (
        "Nettsidene står i prøvemodus.",
        "Nettsidene står i prøvemodus.",
        "The web is in trial mode.",
    ),
    "doctor.web_down": (
        "Adressen til nettsidene svarer ikke.",
        "Adressa til nettsidene svarar ikkje.",
        "The address of the web does not answer.",
    ),
    "doctor.web_other": (
        "Noe annet enn dette programmet svarer på adressen.",
        "Noko anna enn dette programmet svarar på adressa.",
        "Something else than this program answers at the address.",
    ),
    "doctor.web_host": (
        "Mellomtjeneren gir ikke videre hvilket navn som ble åpnet.",
        "Mellomtenaren gir ikkje vidare kva namn som vart opna.",
        "The proxy does not hand on which name was opened.",
    ),
    "doctor.web_hsts": (
        "Mellomtjeneren tar bort overskrifter som verner sidene.",
        "Mellomtenaren tek bort overskrifter som vernar sidene.",
        "The proxy takes away headers that protect the pages.",
    ),
    "cli.task_whose": (
        "Si hvem som skal ha oppgaven, eller --back.",
        "Sei kven som skal ha oppgåva, eller --back.",
        "Say who is to have the task, or --back.",
    ),
    "cli.task_until": (
        "Si hvilken dag oppgaven kommer tilbake, eller --over.",
        "Sei kva dag oppgåva kjem tilbake, eller --over.",
        "Say on which day the task comes back, or --over.",
    ),
    "cli.session_whose": (
        "Si hvem som skal logges ut, eller --all.",
        "Sei kven som skal loggast ut, eller --all.",
        "Say who is to be logged out, or --all.",
    ),
    "ready.store": ("En database svarer ikke.", "Ein database svarar ikkje.", "A database does not answer."),
    "ready.schema": (
        "En database er fra et annet program enn dette.",
        "Ein database er frå eit anna program enn dette.",
        "A database is another program's than this.",
    ),
    "ready.keys": (
        "Nøkkelfilen kan ikke leses lenger.",
        "Nøkkelfila kan ikkje lesast lenger.",
        "The key file cannot be read any more.",
    ),
    "ready.audit": (
        "Revisjonsloggen holdt ikke, eller er lenge ikke prøvd.",
        "Revisjonsloggen heldt ikkje, eller er lenge ikkje prøvd.",
        "The audit log did not hold, or was not verified for long.",
    ),
    "ready.behind": (
        "Databasen er eldre enn det som er signert.",
        "Databasen er eldre enn det som er signert.",
        "The database is older than what was signed.",
    ),
    "observed.unforeseen": (
        "Noe uventet stanset arbeidet; programmets egen logg sier hvor.",
        "Noko uventa stansa arbeidet; programmet sin eigen logg seier kvar.",
        "Something unforeseen stopped the work; the program's own log says where.",
    ),
}
