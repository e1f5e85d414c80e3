"""What a receiver's no means (national code list 8221), and what the codes of letters and registers mean."""

from gateway.run.texts import Texts

TEXTS: Texts = {
    "apprec.e10": (
        "Mottakeren avviste meldingen: meldingens identifikator er ugyldig. Meld fra til den som drifter løsningen.",
        "Mottakaren avviste meldinga: identifikatoren i meldinga er ugyldig. Meld frå til den som driftar løysinga.",
        "The receiver rejected the message: its identifier is not valid. Tell whoever operates the gateway.",
    ),
    "apprec.e20": (
        "Mottakeren avviste meldingen: legen finnes ikke der. Finn ut hvem som er fastlege nå.",
        "Mottakaren avviste meldinga: legen finst ikkje der. Finn ut kven som er fastlege no.",
        "The receiver rejected the message: there is no such doctor there. Find out who the doctor is now.",
    ),
    "apprec.e21": (
        "Mottakeren avviste meldingen: mottakeren finnes ikke der. Se på HER-id i innstillingene.",
        "Mottakaren avviste meldinga: mottakaren finst ikkje der. Sjå på HER-id i innstillingane.",
        "The receiver rejected the message: the addressee is not there. Look at the HER-id in the settings.",
    ),
    "apprec.e30": (
        "Mottakeren avviste meldingen: barnets fødselsnummer mangler.",
        "Mottakaren avviste meldinga: fødselsnummeret til barnet manglar.",
        "The receiver rejected the message: the child's national number is missing.",
    ),
    "apprec.e31": (
        "Mottakeren avviste meldingen: barnets fødselsnummer er feil.",
        "Mottakaren avviste meldinga: fødselsnummeret til barnet er feil.",
        "The receiver rejected the message: the child's national number is wrong.",
    ),
    "apprec.e32": (
        "Mottakeren avviste meldingen: barnets navn mangler.",
        "Mottakaren avviste meldinga: namnet til barnet manglar.",
        "The receiver rejected the message: the child's name is missing.",
    ),
    "apprec.e35": (
        "Mottakeren kjenner ikke barnet. Finn ut hvem som følger opp barnet nå.",
        "Mottakaren kjenner ikkje barnet. Finn ut kven som følgjer opp barnet no.",
        "The receiver does not know the child. Find out who follows up the child now.",
    ),
    "apprec.e36": (
        "Mottakeren avviste meldingen: opplysningene om barnet er ikke nok.",
        "Mottakaren avviste meldinga: opplysningane om barnet er ikkje nok.",
        "The receiver rejected the message: what it says of the child is not enough.",
    ),
    "apprec.e53": (
        "Mottakeren avviste meldingen: barnets nummer finnes ikke i Folkeregisteret.",
        "Mottakaren avviste meldinga: nummeret til barnet finst ikkje i Folkeregisteret.",
        "The receiver rejected the message: the child's number is not in the population register.",
    ),
    "apprec.e54": (
        "Mottakeren avviste meldingen: barnets nummer er ikke registrert der.",
        "Mottakaren avviste meldinga: nummeret til barnet er ikkje registrert der.",
        "The receiver rejected the message: the child's number is not registered there.",
    ),
    "apprec.s01": (
        "Mottakeren avviste meldingen: det er feil på signaturen.",
        "Mottakaren avviste meldinga: det er feil på signaturen.",
        "The receiver rejected the message: the signature is wrong.",
    ),
    "apprec.s02": (
        "Mottakeren avviste meldingen: sertifikatet er ugyldig.",
        "Mottakaren avviste meldinga: sertifikatet er ugyldig.",
        "The receiver rejected the message: the certificate is not valid.",
    ),
    "apprec.s03": (
        "Mottakeren avviste meldingen: sertifikatet er trukket tilbake.",
        "Mottakaren avviste meldinga: sertifikatet er trekt tilbake.",
        "The receiver rejected the message: the certificate is revoked.",
    ),
    "apprec.t01": (
        "Mottakeren kunne ikke lese meldingen.",
        "Mottakaren kunne ikkje lese meldinga.",
        "The receiver could not read the message.",
    ),
    "apprec.t02": (
        "Mottakeren avviste meldingen: den har ikke riktig form.",
        "Mottakaren avviste meldinga: ho har ikkje rett form.",
        "The receiver rejected the message: it does not have the right form.",
    ),
    "apprec.t10": (
        "Mottakeren tar ikke imot slike meldinger. Se hvilken dialog mottakeren er registrert for.",
        "Mottakaren tek ikkje imot slike meldingar. Sjå kva dialog mottakaren er registrert for.",
        "The receiver does not take such messages. Look which dialogue it is registered for.",
    ),
    "apprec.t99": (
        "Mottakeren avviste meldingen: det er en feil på formatet.",
        "Mottakaren avviste meldinga: det er ein feil på formatet.",
        "The receiver rejected the message: something is wrong with its format.",
    ),
    "apprec.x99": (
        "Mottakeren avviste meldingen uten en kjent grunn. Ring mottakeren.",
        "Mottakaren avviste meldinga utan ein kjend grunn. Ring mottakaren.",
        "The receiver rejected the message for no reason that is known. Call the receiver.",
    ),
    "nhn.transport": (
        "Meldingen kom ikke fram til mottakerens system. Ring mottakeren.",
        "Meldinga kom ikkje fram til systemet til mottakaren. Ring mottakaren.",
        "The message did not reach the receiver's system. Call the receiver.",
    ),
    "nhn.patient": (
        "Barnets nummer mangler, eller er ikke gitt ut.",
        "Nummeret til barnet manglar, eller er ikkje gitt ut.",
        "The child's number is missing, or was not released.",
    ),
    "nhn.sender": (
        "Meldingen sier at den er fra noen andre enn den kom fra.",
        "Meldinga seier at ho er frå nokon andre enn ho kom frå.",
        "The message says that it is from somebody else than it came from.",
    ),
    "nhn.function": (
        "Det er en type melding som ikke tas imot her.",
        "Det er ein type melding som ikkje blir teken imot her.",
        "It is a type of message that is not taken here.",
    ),
    "nhn.attachment": (
        "Det følger filer med, og de kan ikke tas imot her. Avsenderen har fått beskjed.",
        "Det følgjer filer med, og dei kan ikkje takast imot her. Avsendaren har fått melding.",
        "Files come along, and they cannot be taken here. The sender has been told.",
    ),
    "nhn.too_large": (
        "Meldingen er for stor til å hentes. Avsenderen har fått beskjed.",
        "Meldinga er for stor til å hentast. Avsendaren har fått melding.",
        "The message is too large to be fetched. The sender has been told.",
    ),
    "nhn.unread": (
        "Meldingen kunne ikke hentes, og hentes igjen.",
        "Meldinga kunne ikkje hentast, og blir henta igjen.",
        "The message could not be fetched, and is fetched again.",
    ),
    "nhn.question": (
        "Noen spør om noe. Svar dem.",
        "Nokon spør om noko. Svar dei.",
        "Somebody asks something. Answer them.",
    ),
    "nhn.kind": (
        "Posten er av et slag som denne versjonen ikke kjenner.",
        "Posten er av eit slag som denne versjonen ikkje kjenner.",
        "The record is of a kind that this version does not know.",
    ),
    "nhn.answer": (
        "Meldingstjenesten svarte noe som ikke gir mening.",
        "Meldingstenesta svarte noko som ikkje gir meining.",
        "The message service answered something that makes no sense.",
    ),
    "nhn.her_id": (
        "Det er ingen HER-id: bare sifre.",
        "Det er ingen HER-id: berre siffer.",
        "It is no HER-id: digits only.",
    ),
    "nhn.page": (
        "Antall meldinger om gangen er fra 1 til 100.",
        "Talet på meldingar om gongen er frå 1 til 100.",
        "The number of messages at a time is from 1 to 100.",
    ),
    "nhn.doctor_unknown": (
        "Det er ikke kjent hvem barnets fastlege er.",
        "Det er ikkje kjent kven fastlegen til barnet er.",
        "It is not known who the child's general practitioner is.",
    ),
    "nhn.doctor_changed": (
        "Barnet har fått en annen fastlege enn den som fikk de tidligere meldingene. Ingenting er sendt.",
        "Barnet har fått ein annan fastlege enn den som fekk dei tidlegare meldingane. Ingenting er sendt.",
        "The child has another general practitioner than the one who got the earlier letters. Nothing was sent.",
    ),
    "adapter.no_address": (
        "Systemet sier ikke hvor noen kan nås.",
        "Systemet seier ikkje kvar nokon kan nåast.",
        "The system does not tell where somebody is reached.",
    ),
    "adapter.address_failed": (
        "Registeret kunne ikke si hvor noen kan nås.",
        "Registeret kunne ikkje seie kvar nokon kan nåast.",
        "The register could not tell where somebody is reached.",
    ),
    "address.unknown": (
        "Registeret kjenner ingen mottaker for dette barnet. Ingenting er sendt.",
        "Registeret kjenner ingen mottakar for dette barnet. Ingenting er sendt.",
        "The register knows of no receiver for this child. Nothing was sent.",
    ),
    "address.several": (
        "Registrene er ikke enige om hvem mottakeren er. Ingenting er sendt.",
        "Registera er ikkje samde om kven mottakaren er. Ingenting er sendt.",
        "The registers do not agree on who the receiver is. Nothing was sent.",
    ),
    "address.no_register": (
        "Ingen av systemene er et register som sier hvem mottakeren er. Ingenting er sendt.",
        "Ingen av systema er eit register som seier kven mottakaren er. Ingenting er sendt.",
        "None of the systems is a register that says who the receiver is. Nothing was sent.",
    ),
    "ar.no_parent": (
        "Mottakeren står ikke under noe legekontor i Adresseregisteret.",
        "Mottakaren står ikkje under noko legekontor i Adresseregisteret.",
        "The party is no part of an office in the address register.",
    ),
    "flr.number": (
        "Fastlegeregisteret kjenner ikke nummeret.",
        "Fastlegeregisteret kjenner ikkje nummeret.",
        "The register of general practitioners does not know the number.",
    ),
    "flr.another": (
        "Fastlegeregisteret svarte om noen andre enn den det ble spurt om.",
        "Fastlegeregisteret svarte om nokon andre enn den det vart spurt om.",
        "The register of general practitioners answered about somebody else than was asked about.",
    ),
    "flr.no_her_id": (
        "Fastlegen har ingen HER-id i registeret.",
        "Fastlegen har ingen HER-id i registeret.",
        "The general practitioner has no HER-id in the register.",
    ),
    "flr.refused": (
        "Fastlegeregisteret svarte nei uten en kjent grunn.",
        "Fastlegeregisteret svarte nei utan ein kjend grunn.",
        "The register of general practitioners said no for no reason that is known.",
    ),
    "ar.her_id": (
        "Det er ingen HER-id: bare sifre.",
        "Det er ingen HER-id: berre siffer.",
        "It is no HER-id: digits only.",
    ),
    "ar.unknown": (
        "Ingen har denne HER-id-en i Adresseregisteret.",
        "Ingen har denne HER-id-en i Adresseregisteret.",
        "Nobody has this HER-id in the address register.",
    ),
    "ar.another": (
        "Adresseregisteret svarte om noen andre enn den det ble spurt om.",
        "Adresseregisteret svarte om nokon andre enn den det vart spurt om.",
        "The address register answered about somebody else than was asked about.",
    ),
    "ar.inactive": (
        "Mottakeren er ikke aktiv i Adresseregisteret.",
        "Mottakaren er ikkje aktiv i Adresseregisteret.",
        "The party is not active in the address register.",
    ),
    "ar.no_messages": (
        "Mottakeren tar ikke imot elektroniske meldinger.",
        "Mottakaren tek ikkje imot elektroniske meldingar.",
        "The party does not take electronic messages.",
    ),
    "ar.no_certificate": (
        "Mottakeren har ikke noe sertifikat som meldinger kan krypteres for.",
        "Mottakaren har ikkje noko sertifikat som meldingar kan krypterast for.",
        "The party has no certificate that messages can be encrypted for.",
    ),
    "ar.certificate_ended": (
        "Mottakerens sertifikat har gått ut.",
        "Sertifikatet til mottakaren har gått ut.",
        "The party's certificate has ended.",
    ),
    "ar.refused": (
        "Adresseregisteret svarte nei uten en kjent grunn.",
        "Adresseregisteret svarte nei utan ein kjend grunn.",
        "The address register said no for no reason that is known.",
    ),
    "registers.body": (
        "Det som er tatt vare på fra registeret, kan ikke leses av denne versjonen.",
        "Det som er teke vare på frå registeret, kan ikkje lesast av denne versjonen.",
        "What is kept from the register cannot be read by this version.",
    ),
    "kith.root": (
        "Dokumentet er verken en hodemelding eller en applikasjonskvittering.",
        "Dokumentet er korkje ei hovudmelding eller ei applikasjonskvittering.",
        "The document is neither a MsgHead nor an application receipt.",
    ),
    "kith.version": (
        "Meldingen er i en versjon som ikke er kjent, eller en annen enn navnerommet sier.",
        "Meldinga er i ein versjon som ikkje er kjend, eller ein annan enn namnerommet seier.",
        "The message is in a version that is not known, or another than its namespace says.",
    ),
    "kith.missing": (
        "Noe som må stå i meldingen, mangler.",
        "Noko som må stå i meldinga, manglar.",
        "Something that must stand in the message is missing.",
    ),
    "kith.value": (
        "Det er ingen dato, noe tall eller tegn som meldingen har plass til.",
        "Det er ingen dato, noko tal eller teikn som meldinga har plass til.",
        "It is no date, number or character that the message has a place for.",
    ),
    "kith.content": (
        "Det er ikke nøyaktig én dialogmelding i meldingen.",
        "Det er ikkje nøyaktig éi dialogmelding i meldinga.",
        "There is not exactly one dialogue message inside.",
    ),
    "kith.only_1_1": (
        "Bare versjon 1.1 har plass til det.",
        "Berre versjon 1.1 har plass til det.",
        "Only version 1.1 has a place for it.",
    ),
}
