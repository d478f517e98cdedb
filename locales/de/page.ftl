# Die Worte der Seiten des Berichts.

## Zeiten und Zahlen

date = { $day }. { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
} { $year }
time = { $date }, { $time } UTC
findings = { $count ->
    [one] { $count } Befund
   *[other] { $count } Befunde
}
rows = { $count ->
    [one] { $count } Zeile
   *[other] { $count } Zeilen
}
shown-of = { $shown } von { $total } gezeigt.
more = { $count ->
    [one] { $count } weiterer
   *[other] { $count } weitere
}

## Titel und Leser

title-assessment = Was von Magento 1 von Hand umziehen muss
title-verification = Was Magento 2 noch fehlt
mode-assessment = Bestandsaufnahme vor dem Umzug
mode-verification = Prüfung des Umzugs
audiences = Seiten für andere Leser
audience-developer = Für Entwickler
audience-verifier = Für Prüfer
audience-manager = Für die Projektleitung
audience-merchant = Für den Händler
skip = Zum Urteil springen
contents = Inhalt
redacted = Namen, E-Mail-Adressen und persönliche Pfade sind in diesem Bericht unkenntlich gemacht; dieselbe Person hat überall dasselbe Zeichen.

## Das Urteil

verdict = Urteil
outcome-pass = Bestanden
outcome-part = Teilweise bestanden
outcome-open = Offen
outcome-fail = Nicht bestanden
outcome-ahead = Zu tun
outcome-incomplete = Unvollständig
verdict-nothing-checked = Nichts konnte geprüft werden.
verdict-none = Von dem, was geprüft wurde, fehlt nichts.
verdict-some = { $count ->
    [one] { $count } Befund ist zu bearbeiten.
   *[other] { $count } Befunde sind zu bearbeiten.
}
ahead-none = Von dem, was geprüft wurde, muss nichts von Hand umziehen.
ahead-some = { $count ->
    [one] { $count } Aufgabe steht an.
   *[other] { $count } Aufgaben stehen an.
}
verdict-failing = { $count ->
    [one] Davon ist { $count } „{ $limit }“{ $worse ->
        [yes] { " " }oder schwerer
       *[no] { "" }
    }.
   *[other] Davon sind { $count } „{ $limit }“{ $worse ->
        [yes] { " " }oder schwerer
       *[no] { "" }
    }.
}
verdict-failing-new = Von den neuen { $count ->
    [one] ist { $count }
   *[other] sind { $count }
} „{ $limit }“{ $worse ->
    [yes] { " " }oder schwerer
   *[no] { "" }
}.
verdict-waived = { $count ->
    [one] { $count } ist durch eine Entscheidung ausgenommen.
   *[other] { $count } sind durch Entscheidungen ausgenommen.
}
verdict-first = Es gibt keinen früheren Lauf zum Vergleich: Alles zählt als neu.
verdict-since = Seit { $time }: { $new } neu, { $fixed } behoben.
verdict-unchecked = { $count ->
    [one] { $count } wurde diesmal nicht geprüft.
   *[other] { $count } wurden diesmal nicht geprüft.
}
verdict-failed = Nicht geprüft werden konnten: { $areas }.
verdict-all-failed = Kein Bereich konnte vollständig geprüft werden.
verdict-not-whole = Nicht vollständig geprüft, weil die Daten nicht vollständig sind: { $areas }.
verdict-trouble = Eine Quelle ist nicht vollständig.
gate = Der Lauf gilt als nicht bestanden, solange Befunde „{ $limit }“{ $worse ->
    [yes] { " " }oder schwerer
   *[no] { "" }
} offen sind.
gate-none = Kein Befund verhindert, dass der Lauf besteht.

## Schwere, Stand, Schritte

severity-blocker = Blocker
severity-high = hoch
severity-medium = mittel
severity-low = gering
severity-info = Hinweis
severity-blocker-meaning = der Shop oder seine Verwaltung fällt aus, oder beim Umschalten gehen Daten verloren
severity-high-meaning = Kunden sehen es, die Sicherheit leidet, oder eine Anbindung steht still
severity-medium-meaning = es läuft, aber jemand muss etwas tun
severity-low-meaning = der Ordnung halber: ohne dies versagt nichts
severity-info-meaning = nichts zu tun; gut zu wissen
confidence-certain = sicher
confidence-likely = wahrscheinlich
confidence-guess = vermutet
confidence-certain-meaning = aus den Shops selbst gelesen
confidence-likely-meaning = mehrere Anzeichen stimmen überein
confidence-guess-meaning = ein Anzeichen
status-checked = geprüft
status-partial = teilweise geprüft
status-failed = nicht prüfbar
status-not-checked = nicht geprüft
state-open = offen
state-waived = entschieden
step-secure = Sofort absichern
step-copy = Nach Magento 2 kopieren
step-create = In Magento 2 anlegen
step-correct = In Magento 2 berichtigen
step-decide = Entscheiden
step-leave = Zurücklassen
step-know = Davon wissen

## Shops

input-database = Datenbank
input-media = Medien
input-snapshot = Schnappschuss
input-installation = Installation
store-views = Store-Views
no-m2 = Nicht angegeben: Dies ist eine Bestandsaufnahme. Alles, was das offizielle Werkzeug nicht überträgt, steht hier als Aufgabe.
no-m2-short = Kein Magento 2: eine Bestandsaufnahme dessen, was von Hand zu tun sein wird.

## Abschnitte

glance = Auf einen Blick
glance-caption = Offene Befunde nach Bereich und Schwere
area = Bereich
checked = Geprüft
all-areas = Alle Bereiche
not-checked = Nicht geprüft
not-checked-heading = Was nicht geprüft wurde
not-checked-warning = Nichts auf dieser Liste darf als erledigt gelten.
not-checked-or-not-completely = Nicht oder nicht ganz geprüft
why = Warum
status = Stand
steps = Nächste Schritte
show = Zeigen
search = Suchen
search-placeholder = Pfad, Name, Text
show-all = Alles zeigen
hidden-note = Durch den Filter verborgen: % von % Befunden dieser Seite.
one-by-one = Einzeln
one-by-one-intro = Was über jedes zu wissen und was zu tun ist.
in-json = Alle stehen in findings.json.
same-for = Dasselbe gilt für
nothing-found = Nichts gefunden.
clean = In Ordnung
clean-heading = Geprüft und in Ordnung
clean-rules = { $count ->
    [one] { $count } Regel hat nichts gefunden
   *[other] { $count } Regeln haben nichts gefunden
}
clean-none = Jede angewandte Regel hat etwas gefunden, oder es wurde keine angewandt.
method = Vorgehen
method-intro = magegap liest beide Shops und ändert keinen. Datenbanken werden je Seite in einer Transaktion gelesen, die nur lesen darf. Passwörter, Schlüssel und Token werden nie gelesen.
severities = Schwere
confidence = Gewissheit
inventory = Bestand
inventory-of = Bestand: { $area }
inventory-none = Es gibt nichts aufzulisten.

## Befunde

severity = Schwere
subject = Gegenstand
scope = Store-Views
detail = Einzelheiten
used-by = Benutzt von
findings-of = Befunde zu { $rule }
link-to-finding = Link zu diesem Befund
copy = Kopieren
copy-decision = Entscheidung kopieren
copied = Kopiert
card = Karte
side-by-side = Magento 1 neben Magento 2
what-to-do = Was zu tun ist
how-detected = Wie es erkannt wird
severity-note = Schwere: { $severity }, { $note }.
source = Quelle
all-in-csv = Alle stehen in { $file }.
all-in-json = Alle stehen in findings.json oder, wenn dieses Format verlangt wird, in findings.csv.
footer = { $total ->
    [one] { $total } Befund
   *[other] { $total } Befunde
}, davon { $shown } auf dieser Seite.
footer-all = Alle:
open-findings = Offene Befunde
count = Befunde
what = Was
rule = Regel
in-scope = in
used-by-these = benutzt von

## Prüfer

gate-heading = Freigabe nach Bereich
gate-pass = bestanden
gate-fail = nicht bestanden
gate-unknown = unbekannt
gate-open = bestanden, offen
gate-new = Der Lauf gilt als nicht bestanden, solange Befunde „{ $limit }“{ $worse ->
    [yes] { " " }oder schwerer
   *[no] {""}
} offen sind, die seit dem Lauf davor neu sind. Ein Bereich, der besteht, kann ältere haben.
blockers-none-part = Von dem, was geprüft wurde, ist kein Blocker offen.
gate-column = Freigabe
failing = Verhindern die Freigabe
coverage = Abdeckung
coverage-intro = Was angegeben und was angesehen wurde. Was nicht in dieser Tabelle steht, war nicht verlangt.
left-out = Ausgelassen durch --only oder --skip
none-open = Nichts ist offen.

## Projektleitung

done = Erledigt nach Bereich
done-intro = Der Anteil ist nach Punkten: Erledigtes zählt, was es kostet, wenn es fehlt, und Offenes, was es jetzt kostet. In der Summe zählt jeder Bereich, was er kosten würde, wenn nichts erledigt wäre. Daneben stehen die Dinge aus Magento 1, zu denen nichts offen ist. Was zurückbleiben darf, zählt nicht mit, und Aufgeschobenes ist nicht erledigt. Nur für Bereiche, die ganz geprüft wurden.
done-effort = Erledigt nach Punkten
effort-done = Nach Punkten sind { $percent } % erledigt.
effort-later = Durch Entscheidungen aufgeschoben: { $points ->
    [one] { $points } Punkt
   *[other] { $points } Punkte
}, { $low } bis { $high } Stunden.
effort-table = Was noch zu tun ist, nach Bereich
owner = Zuständig
owner-none = niemand ist genannt
owners-none = Wer für einen Bereich oder eine Regel zuständig ist, steht unter [owners] in magegap.toml.
put-off = Aufgeschoben bis
done-column = Erledigt
points = Punkte
hours = Stunden
effort = Aufwand
effort-sum = Was offen ist, sind { $points ->
    [one] { $points } Punkt
   *[other] { $points } Punkte
} Arbeit, { $low } bis { $high } Stunden.
effort-formula = Jede Regel hat Punkte (0, 1, 3, 5, 7 oder 13). Was sie fand, kostet sie einmal und jeder weitere Fall ein Zwanzigstel mehr, höchstens das Doppelte der Punkte mehr. Jede fehlende Erweiterung und jeder fehlende API-Zugang kostet die vollen Punkte; eine Entscheidung macht eine Erweiterung zu 3 Punkten (installieren), 5 (ersetzen) oder 7 (neu schreiben). Die Punkte eines Bereichs sind aufgerundet. Ein Punkt braucht { $low } bis { $high } Minuten. Worüber entschieden ist, kostet nichts; Aufgeschobenes zählt für sich.
done-of = { $done } von { $of }
blockers = Offene Blocker
blockers-none = Kein Blocker ist offen.
decisions-awaited = Ausstehende Entscheidungen
decisions-none = Keine Entscheidung steht aus.
cases = { $count ->
    [one] { $count } Fall
   *[other] { $count } Fälle
}

since = Seit dem letzten Lauf
since-intro = Verglichen mit dem Bericht vom { $time }. Offene Befunde: { $new } neu, { $known } bekannt.
again-reopened = { $count ->
    [one] { $count } der neuen war vorher durch eine Entscheidung ausgenommen.
   *[other] { $count } der neuen waren vorher durch Entscheidungen ausgenommen.
}
again-worse = { $count ->
    [one] { $count } der neuen war vorher milder.
   *[other] { $count } der neuen waren vorher milder.
}
again-failed = { $count ->
    [one] { $count } der neuen hatte schon einen Lauf scheitern lassen: Er bleibt neu, bis er behoben oder entschieden ist.
   *[other] { $count } der neuen hatten schon einen Lauf scheitern lassen: Sie bleiben neu, bis sie behoben oder entschieden sind.
}
since-new = Neu: { $count ->
    [one] { $count } Befund
   *[other] { $count } Befunde
}
since-fixed = Behoben: { $count ->
    [one] { $count } Befund tritt
   *[other] { $count } Befunde treten
} nicht mehr auf
since-unchecked = Diesmal nicht geprüft: Ob { $count ->
    [one] { $count } Befund
   *[other] { $count } Befunde
} behoben wurden, weiß niemand
since-nothing = Von den früheren Befunden ist keiner verschwunden.
trend = Wie viel war in jedem Lauf offen?
trend-runs = Von Lauf zu Lauf
trend-gaps = * Etwas wurde nicht oder nicht ganz geprüft, was andere Läufe prüften: Was dort fehlt, muss nicht behoben sein.
trend-effort = Offener Aufwand: { $first ->
    [one] { $first } Punkt
   *[other] { $first } Punkte
} am { $time }, jetzt { $now }.
trend-done = Erledigt nach Punkten: damals { $first } %, jetzt { $now } %.
trend-areas = Offene Befunde nach Bereich
trend-course = Von Lauf zu Lauf
since-first = Zum ersten Mal geprüft: { $areas }. Was dort gefunden wird, zählt als neu.
since-fixed-column = behoben
since-unchecked-column = ungeprüft
since-waived = Vorher ausgenommen: { $count ->
    [one] { $count } Befund tritt
   *[other] { $count } Befunde treten
} nicht mehr auf
work = Zu erledigen
trend-new = neu
trend-known = bekannt
decisions-made = Entscheidungen
decisions-made-intro = { $waived ->
    [one] Über { $waived } Befund ist entschieden: Er steht hier und zählt nirgends mit.
   *[other] Über { $waived } Befunde ist entschieden: Sie stehen hier und zählen nirgends mit.
}
decisions-next = Die nächste Entscheidung endet am { $day }.
decided-about = Worüber
decided-reason = Begründung
decided-until = Gilt bis
decided-findings = Befunde
sheet-trend = Neu?
sheet-run = Lauf
sheet-hours-from = Stunden von
sheet-hours-to = Stunden bis
decided-ticket = Ticket
decided-trouble = Zu klären
verdict-accept = so lassen
verdict-later = später
verdict-done-by-hand = von Hand erledigt
verdict-will-not-migrate = bleibt zurück
verdict-lift = Ausgabe für Magento 2 installieren
verdict-rewrite = neu schreiben
verdict-replace = ersetzen
verdict-drop = fallen lassen
trouble-expired = die Frist ist vorbei: Sie gilt nicht mehr
trouble-ending = die Frist läuft bald ab
trouble-overruled = eine andere Entscheidung, die vor ihr steht, betrifft alles, was sie nennt
trouble-worse = was sie ausnimmt, ist seit dem letzten Lauf schlimmer geworden
trouble-unused = nichts davon wurde gefunden: Es ist behoben oder anders geschrieben als im Bericht
trouble-unknown = ihr Bereich wurde nicht ganz geprüft
trouble-broad = sie nimmt alles aus, was die Regel findet, auch künftig
trouble-blocker = ein Muster nimmt keinen Blocker aus: Nennen Sie ihn

## Händler

merchant-intro-verification = Ihr Shop zieht von Magento 1 nach Magento 2 um. Das meiste davon erledigt ein Programm. Dieses Blatt nennt in einfachen Worten, was das Programm nicht oder nicht richtig übertragen hat.
merchant-intro-assessment = Ihr Shop wird von Magento 1 nach Magento 2 umziehen. Das meiste davon wird ein Programm erledigen. Dieses Blatt nennt in einfachen Worten, was das Programm nicht überträgt.
merchant-missed = Was heute fehlen würde
merchant-missed-intro = Würde der neue Shop heute öffnen, wäre dies falsch oder würde fehlen. Ihre Agentur kümmert sich darum und fragt Sie, wo sie Sie braucht.
merchant-missed-none = Nichts würde fehlen.
merchant-decide = Was Sie entscheiden müssen
merchant-decide-intro = Bitte kreuzen Sie an, was geschehen soll. Was nicht angekreuzt ist, bleibt offen.
merchant-decide-none = Es gibt nichts zu entscheiden.
merchant-leave = Was zurückbleibt, wenn Sie nicht widersprechen
merchant-leave-intro = Dies scheint niemand zu brauchen. Kreuzen Sie an, was Sie behalten möchten.
merchant-leave-none = Nichts bleibt zurück.
merchant-unknown = Was noch niemand angesehen hat
merchant-unknown-intro = Ob hiervon etwas fehlt, weiß noch niemand.
keep = behalten
choice-old = wie im alten Shop
choice-new = wie im neuen Shop
choice-lift = Ausgabe für den neuen Shop installieren
choice-rewrite = neu schreiben lassen
choice-replace = etwas anderes nehmen
choice-keep = wie bisher
choice-without = darauf verzichten
ask = besprechen
merchant-missed-ahead = Was ohne Handarbeit fehlen würde
merchant-missed-ahead-intro = So wäre der neue Shop, wenn nur das Programm ihn umzöge. Ihre Agentur kümmert sich darum und fragt Sie, wo sie Sie braucht.
merchant-decided = Was entschieden ist
merchant-in-part = teilweise
merchant-all = Alle:
sign = Unterschrift
sign-intro = Ich habe dieses Blatt gelesen und das Angekreuzte entschieden.
sign-name = Name
sign-date = Datum
sign-signature = Unterschrift
decision = Entscheidung
decided-by = Entschieden von
part = Teil
kind-attribute = Eigenschaft
kind-category = Kategorie
kind-cms_block = Textbaustein
kind-cms_page = Seite
kind-column = Datenfeld
kind-config = Einstellung
kind-consumer = Anwendung
kind-design_change = geplantes Design
kind-email = E-Mail
kind-file = Programmdatei
kind-integration = Zugang
kind-module = Erweiterung
kind-newsletter = Newsletter
kind-product = Produkt
kind-rest-attributes = sichtbare Daten
kind-rest-role = Rechte von Anwendungen
kind-setting = Einstellung
kind-soap = Programm
kind-soap-role = Rechte von Programmen
kind-store = Store-View
kind-table = Datentabelle
kind-theme = Design
kind-token = Schlüssel
kind-update = Design-Anpassung
kind-widget = Baustein

## Die Arbeitsmappe

sheet-summary = Übersicht
sheet-finding = Befund
sheet-state = Stand
sheet-cases = Fälle
sheet-fingerprint = Kennung
sheet-page = Seite
sheet-of = von
sheet-cut = { $count ->
    [one] { $count } weiterer Befund: findings.csv hat alle
   *[other] { $count } weitere Befunde: findings.csv hat alle
}

## Die Bereiche

area-media = Mediendateien
    .question = Ist jede Datei des alten Medienordners im neuen, unter demselben Pfad und mit demselben Inhalt?
    .picture = Wo im Medienordner fehlt etwas?
    .part-same = gleich
    .part-elsewhere = an anderem Ort
    .part-changed = verschieden
    .part-missing = fehlt
    .part-missing-unused = fehlt, unbenutzt
    .part-not-compared = nicht verglichen
area-media_db = Medien in der Datenbank
    .question = Hält der alte Shop Mediendateien in seiner Datenbank, und ist jede davon im neuen?
area-admin_users = Admin-Benutzer
    .question = Kann jeder, der in der alten Verwaltung gearbeitet hat, in der neuen arbeiten, mit derselben Rolle und nicht mehr Rechten?
area-admin_roles = Admin-Rollen und Rechte
    .question = Gibt es jede Rolle der alten Verwaltung in der neuen, mit denselben Rechten?
area-api = API-Zugänge
    .question = Wer ruft den alten Shop über SOAP, XML-RPC oder REST auf, und hat jeder davon einen Zugang zum neuen, mit nicht mehr Rechten?
area-layout = Layout-Anpassungen
    .question = Sehen einzelne Seiten, Kategorien und Produkte so aus, wie sie gestaltet wurden: mit Layout-Anpassungen, Seitenlayouts und eigenen Themes?
area-widgets = Widgets
    .question = Ist jedes Widget des alten Shops im neuen, und wird es gezeigt, wo es war?
area-cms_content = CMS-Inhalte
    .question = Ist jede Seite und jeder Block im neuen Shop, und wirkt alles in ihren Texten noch?
area-design = Design
    .question = Hat jeder Store-View wieder ein eigenes Theme, und geht von dem, was im alten Shop geplant oder eingestellt war, etwas kaputt oder verloren?
area-extensions = Erweiterungen und eigener Code
    .question = Welche Erweiterungen und welchen eigenen Code hatte der alte Shop, was davon lebt, und was wurde aus seinen Daten?
area-retired = Daten entfallener Funktionen
    .question = Welche Daten hat der alte Shop für Funktionen, die es in Magento 2 nicht gibt: Braucht sie jemand, und hängt Geld daran?
area-indexes = Indizes
    .question = Sind die Indizes des neuen Shops aus den Daten gebaut, die der Umzug brachte?
area-timezone = Zeitzonen
    .question = Zeigt jeder Store-View die Zeit wie zuvor, und sind die Daten von Bestellungen, Kunden und Texten noch die des alten Shops?
    .picture = Um wie viel weichen die Daten ab?
    .part-the-same = gleich
    .part-shifted = verschoben
    .part-other-rows = andere Zeilen
area-migration = Spuren des Umzugs
    .question = Was hat das Umzugswerkzeug liegen lassen, welche Daten sollte es übergehen, und welche Einstellungen hat es übernommen, die schaden?
