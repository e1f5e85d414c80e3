"""What the codes of records, files and answers mean: what quarantine and tasks name."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "json.malformed": (
        "Det er ikke gyldig JSON her.",
        "Det er ikkje gyldig JSON her.",
        "This is not valid JSON.",
    ),
    "json.syntax": (
        "Det er ikke gyldig JSON her.",
        "Det er ikkje gyldig JSON her.",
        "This is not valid JSON.",
    ),
    "json.duplicate": (
        "En nøkkel står to ganger.",
        "Ein nøkkel står to gonger.",
        "A key stands twice.",
    ),
    "json.depth": (
        "JSON er for dypt nøstet.",
        "JSON er for djupt nøsta.",
        "The JSON is nested too deeply.",
    ),
    "json.size": (
        "JSON er for stort.",
        "JSON er for stort.",
        "The JSON is too large.",
    ),
    "json.shape": (
        "Det står noe annet her enn det som var ventet.",
        "Det står noko anna her enn det som var venta.",
        "Something else stands here than was expected.",
    ),
    "xml.syntax": (
        "Det er ikke gyldig XML her.",
        "Det er ikkje gyldig XML her.",
        "This is not valid XML.",
    ),
    "xml.doctype": (
        "XML har en dokumenttype, og blir ikke lest.",
        "XML har ein dokumenttype, og blir ikkje lese.",
        "The XML has a document type, and is not read.",
    ),
    "xml.encoding": (
        "XML er i en tegnkode som ikke tas imot.",
        "XML er i ein teiknkode som ikkje blir teken imot.",
        "The XML is in an encoding that is not taken.",
    ),
    "xml.size": (
        "XML er for stort.",
        "XML er for stort.",
        "The XML is too large.",
    ),
    "xml.depth": (
        "XML er for dypt nøstet.",
        "XML er for djupt nøsta.",
        "The XML is nested too deeply.",
    ),
    "xml.nodes": (
        "XML har for mange deler.",
        "XML har for mange delar.",
        "The XML has too many parts.",
    ),
    "xml.root": (
        "XML begynner med et annet element enn ventet.",
        "XML byrjar med eit anna element enn venta.",
        "The XML begins with another element than expected.",
    ),
    "xml.schema": (
        "XML følger ikke skjemaet.",
        "XML følgjer ikkje skjemaet.",
        "The XML does not follow its schema.",
    ),
    "xml.catalogue": (
        "Skjemaet viser til noe som ikke følger med.",
        "Skjemaet viser til noko som ikkje følgjer med.",
        "The schema refers to something that is not shipped.",
    ),
    "csv.columns": (
        "Raden har feil antall kolonner.",
        "Rada har feil tal på kolonnar.",
        "The row has the wrong number of columns.",
    ),
    "csv.control": (
        "Raden har et styretegn.",
        "Rada har eit styreteikn.",
        "The row has a control character.",
    ),
    "csv.doubtful": (
        "Raden kan leses på flere måter, og blir ikke gjettet på.",
        "Rada kan lesast på fleire måtar, og blir ikkje gissa på.",
        "The row can be read in several ways, and is not guessed at.",
    ),
    "csv.encoding": (
        "Raden er ikke i tegnkoden som er oppgitt.",
        "Rada er ikkje i teiknkoden som er oppgitt.",
        "The row is not in the encoding that was declared.",
    ),
    "csv.header": (
        "Overskriften mangler, eller en kolonne står to ganger.",
        "Overskrifta manglar, eller ein kolonne står to gonger.",
        "The header is missing, or a column stands twice.",
    ),
    "csv.quote": (
        "Et hermetegn står feil.",
        "Eit hermeteikn står feil.",
        "A quotation mark is misplaced.",
    ),
    "csv.unclosed": (
        "Et hermetegn blir aldri lukket.",
        "Eit hermeteikn blir aldri lukka.",
        "A quotation mark is never closed.",
    ),
    "case.shape": (
        "Tilfellet har ikke den formen det skal ha.",
        "Tilfellet har ikkje den forma det skal ha.",
        "The case does not have the shape it should.",
    ),
    "model.kind": (
        "Slaget av opplysning er ukjent.",
        "Slaget av opplysning er ukjent.",
        "The kind of record is unknown.",
    ),
    "model.required": (
        "Et felt som må være der, mangler.",
        "Eit felt som må vera der, manglar.",
        "A field that must be there is missing.",
    ),
    "model.value": (
        "En verdi passer ikke i feltet.",
        "Ein verdi passar ikkje i feltet.",
        "A value does not fit its field.",
    ),
    "model.never_synced": (
        "Slike opplysninger blir aldri utvekslet.",
        "Slike opplysningar blir aldri utveksla.",
        "Records of this kind are never exchanged.",
    ),
    "identity.length": (
        "Nummeret har feil lengde.",
        "Nummeret har feil lengd.",
        "The number has the wrong length.",
    ),
    "identity.checksum": (
        "Kontrollsifrene stemmer ikke.",
        "Kontrollsifra stemmer ikkje.",
        "The check digits are wrong.",
    ),
    "identity.production_number": (
        "Et ekte nummer der bare syntetiske skal inn.",
        "Eit ekte nummer der berre syntetiske skal inn.",
        "A real number where only synthetic ones may come in.",
    ),
    "identity.synthetic_number": (
        "Et syntetisk nummer der bare ekte skal inn.",
        "Eit syntetisk nummer der berre ekte skal inn.",
        "A synthetic number where only real ones may come in.",
    ),
    "http.timeout": (
        "Systemet svarte ikke i tide.",
        "Systemet svara ikkje i tide.",
        "The system did not answer in time.",
    ),
    "http.connect": (
        "Systemet kan ikke nås.",
        "Systemet kan ikkje nåast.",
        "The system cannot be reached.",
    ),
    "http.request": (
        "Forespørselen kom ikke fram.",
        "Førespurnaden kom ikkje fram.",
        "The request did not get through.",
    ),
    "http.certificate": (
        "Systemets sertifikat er ikke til å stole på.",
        "Sertifikatet til systemet er ikkje til å stola på.",
        "The system's certificate cannot be trusted.",
    ),
    "http.trust": (
        "Maskinens liste over betrodde sertifikater kan ikke leses.",
        "Lista på maskina over tiltrudde sertifikat kan ikkje lesast.",
        "The machine's list of trusted certificates cannot be read.",
    ),
    "http.allow": (
        "En adresse i allow er ikke av rett form.",
        "Ei adresse i allow er ikkje av rett form.",
        "An address in allow is not of the right form.",
    ),
    "http.elsewhere": (
        "Adapteret ville til en maskin som ikke er på listen.",
        "Adapteret ville til ei maskin som ikkje er på lista.",
        "The adapter wanted to reach a host that is not on the list.",
    ),
    "http.private": (
        "Adressen peker inn i et lukket nett som ikke er nevnt i innstillingene.",
        "Adressa peikar inn i eit lukka nett som ikkje er nemnt i innstillingane.",
        "The address points into a private network that the settings do not name.",
    ),
    "http.redirect": (
        "Systemet viste videre til et sted utenfor listen.",
        "Systemet viste vidare til ein stad utanfor lista.",
        "The system redirected to a place off the list.",
    ),
    "http.url": (
        "Adressen er ikke av rett form.",
        "Adressa er ikkje av rett form.",
        "The address is not of the right form.",
    ),
    "http.no_url": (
        "Systemet har ingen adresse i innstillingene.",
        "Systemet har inga adresse i innstillingane.",
        "The system has no address in the settings.",
    ),
    "vendor.answer": (
        "Systemet svarte med noe annet enn det skal.",
        "Systemet svara med noko anna enn det skal.",
        "The system answered with something else than it should.",
    ),
    "vendor.changed_meanwhile": (
        "Noen endret opplysningen der i mellomtiden.",
        "Nokon endra opplysninga der i mellomtida.",
        "Somebody changed the record there meanwhile.",
    ),
    "vendor.create_only": (
        "Systemet tar bare imot nye opplysninger.",
        "Systemet tek berre imot nye opplysningar.",
        "The system takes new records only.",
    ),
    "vendor.no_records": (
        "Svaret mangler listen over opplysninger.",
        "Svaret manglar lista over opplysningar.",
        "The answer lacks its list of records.",
    ),
    "vendor.paging_loop": (
        "Systemet gir den samme siden om og om igjen.",
        "Systemet gir den same sida om og om att.",
        "The system gives the same page over and over.",
    ),
    "vendor.unknown_item": (
        "Systemet kjenner ikke opplysningen.",
        "Systemet kjenner ikkje opplysninga.",
        "The system does not know the record.",
    ),
    "folder.missing": (
        "Mappen finnes ikke.",
        "Mappa finst ikkje.",
        "The folder is not there.",
    ),
    "folder.unreadable": (
        "Mappen kan ikke leses.",
        "Mappa kan ikkje lesast.",
        "The folder cannot be read.",
    ),
    "folder.cursor": (
        "Stedet vi var kommet til, er ikke til å lese.",
        "Staden vi var komne til, er ikkje til å lesa.",
        "The place that was reached cannot be read.",
    ),
    "file.no_id_column": (
        "Filen mangler kolonnen med id.",
        "Fila manglar kolonnen med id.",
        "The file lacks the column with the id.",
    ),
    "scenario.not_object": (
        "Et tilfelle må være et objekt.",
        "Eit tilfelle må vera eit objekt.",
        "A scenario must be an object.",
    ),
    "scenario.unknown_key": (
        "Nøkkelen er ukjent.",
        "Nøkkelen er ukjend.",
        "The key is unknown.",
    ),
    "scenario.unknown_value": (
        "Verdien står ikke på listen.",
        "Verdien står ikkje på lista.",
        "The value is not on the list.",
    ),
    "scenario.type": (
        "Det står noe av et annet slag enn ventet her.",
        "Det står noko av eit anna slag enn venta her.",
        "Something of another kind stands here than was expected.",
    ),
    "scenario.impossible_date": (
        "Dagen eller tiden finnes ikke, eller er skrevet på en annen måte enn 2026-11-21.",
        "Dagen eller tida finst ikkje, eller er skriven på ein annan måte enn 2026-11-21.",
        "There is no such day or time, or it is written otherwise than 2026-11-21.",
    ),
    "scenario.naive_time": (
        "Tiden mangler forskjellen fra UTC, som i 2026-11-21T12:00:00+01:00.",
        "Tida manglar skilnaden frå UTC, som i 2026-11-21T12:00:00+01:00.",
        "The time lacks its difference from UTC, as in 2026-11-21T12:00:00+01:00.",
    ),
    "scenario.one_of": (
        "Nøyaktig én av nøklene skal stå her.",
        "Nøyaktig éin av nøklane skal stå her.",
        "Exactly one of the keys stands here.",
    ),
    "scenario.duplicate": (
        "To personer har samme id.",
        "To personar har same id.",
        "Two people have the same id.",
    ),
    "scenario.unknown_person": (
        "Den som nevnes, er ikke med i saken.",
        "Den som er nemnd, er ikkje med i saka.",
        "The person named is not in the case.",
    ),
    "scenario.size": (
        "Filen er for stor.",
        "Fila er for stor.",
        "The file is too large.",
    ),
    "archive.broken": (
        "Arkivet er skadet.",
        "Arkivet er skadd.",
        "The archive is damaged.",
    ),
    "archive.duplicate": (
        "To filer i arkivet har samme navn.",
        "To filer i arkivet har same namn.",
        "Two files of the archive have one name.",
    ),
    "archive.encrypted": (
        "Arkivet er kryptert.",
        "Arkivet er kryptert.",
        "The archive is encrypted.",
    ),
    "archive.link": (
        "Arkivet har en lenke i seg.",
        "Arkivet har ei lenkje i seg.",
        "The archive holds a link.",
    ),
    "archive.members": (
        "Arkivet har for mange filer.",
        "Arkivet har for mange filer.",
        "The archive holds too many files.",
    ),
    "archive.method": (
        "Arkivet er pakket på en måte som ikke tas imot.",
        "Arkivet er pakka på ein måte som ikkje blir teken imot.",
        "The archive is packed in a way that is not taken.",
    ),
    "archive.name": (
        "Et filnavn i arkivet peker ut av det.",
        "Eit filnamn i arkivet peikar ut av det.",
        "A file name in the archive points out of it.",
    ),
    "archive.size": (
        "Arkivet er for stort utpakket.",
        "Arkivet er for stort utpakka.",
        "The archive is too large when unpacked.",
    ),
    "simulator.not_declared": (
        "Adapteret har ingen erklæring å spille leverandøren etter.",
        "Adapteret har inga fråsegn å spela leverandøren etter.",
        "The adapter declares nothing to play the vendor by.",
    ),
    "simulator.faults": (
        "Filen med feil har ikke den formen den skal ha.",
        "Fila med feil har ikkje den forma ho skal ha.",
        "The file of faults does not have the shape it should.",
    ),
}
