import type { Phrases } from './types.ts';

export const de: Phrases = {
  notice:
    'Dies ist eine Probe: planline hat diesen Text selbst und offline geschrieben, um zu zeigen, wie der Ablauf funktioniert. Es ist kein Rat von ChatGPT.',
  quote: ['„', '“'],
  labels: {
    block: 'Block',
    aim: 'Ziel',
    steps: 'Schritte',
    exercise: 'Übung',
    evidence: 'Kontrollpunkt',
    time: 'Zeit pro Woche',
    forYou: 'Was das mit dir zu tun hat',
    fromPlan: 'Was der Plan verlangt',
    howTo: 'Schritt für Schritt',
    week: 'So verteilst du es über die Woche',
    day: 'Tag',
    work: 'Was zu tun ist',
    minutes: 'Minuten',
    tip: 'Tipp',
    mistakes: 'Häufige Fehler',
    questions: 'Fragen an dich selbst',
    checklist: 'Checkliste',
    part: 'Teil',
  },
  defaults: {
    role: 'die Arbeit, die du gewählt hast',
    skill: 'das, was du schon am besten kannst',
    interest: 'ein Thema, das dir Freude macht',
    title: 'Eine Lektion aus deinem Plan',
    step: 'Lies den Block noch einmal und schreibe seine wichtigste Aufgabe in eigenen Worten auf.',
  },
  intro: [
    'Diese Lektion macht aus einem Block deines Plans eine Arbeit, die in eine Woche passt.',
    'Du musst nicht alles vorher wissen: Jeder Teil endet mit etwas, das du zeigen kannst.',
    'Lies sie zuerst ganz und komm dann zu den einzelnen Schritten zurück.',
  ],
  forYou:
    'Das Ziel, auf das du zugehst: {role}. Etwas bringst du schon mit: {skill}. Wo du ein Beispiel wählen kannst, nimm eines aus dem, was dich interessiert: {interest}.',
  howTo: [
    'Stell einen Wecker auf 45 Minuten und schreibe, wenn er klingelt, einen Satz darüber, was sich geändert hat.',
    'Wenn du länger als eine Viertelstunde festhängst, notiere die Frage und mach weiter; die Hälfte löst sich bis zum nächsten Tag von selbst.',
    'Lass die erste Fassung einfach: Sie muss nur da sein, damit man sie verbessern kann.',
    'Zeig das Ergebnis einem Menschen und frage, was unklar war, nicht, ob es gefällt.',
    'Vergleiche das Ergebnis mit dem vorigen Block: Was ging diesmal schneller?',
  ],
  days: ['Montag', 'Dienstag', 'Donnerstag', 'Samstag', 'Sonntag'],
  dayWork: [
    'Lies die Lektion und markiere, was für dich neu ist',
    'Arbeite die erste Hälfte der Schritte durch',
    'Erledige die übrigen Schritte',
    'Mach die Übung, ohne in deine Notizen zu sehen',
    'Geh die Checkliste durch und plane den nächsten Block',
  ],
  tips: [
    'Arbeite immer zur gleichen Zeit, und seien es nur zwanzig Minuten. Die Gewohnheit trägt dich weiter als gute Laune.',
    'Sammle alles Fertige in einer Datei. In ein paar Wochen wird daraus dein Portfolio.',
    'Sag laut, was du tun willst, bevor du es tust. So bemerkst du Lücken, die das Lesen verdeckt.',
  ],
  mistakes: [
    'Immer mehr Material sammeln, statt die erste Aufgabe zu beenden.',
    'Sich mit Leuten vergleichen, die das seit Jahren tun.',
    'Die Übung auslassen, weil der Text klar erschien.',
  ],
  questions: [
    'Was könnte ich heute einem Freund erklären, was ich letzte Woche noch nicht konnte?',
    'Welcher Schritt hat länger gedauert als gedacht, und warum?',
    'Wen könnte ich um zehn Minuten Rückmeldung bitten?',
  ],
  checklist: [
    'Jeder Schritt ist erledigt, oder ich habe notiert, warum ich ihn ausgelassen habe.',
    'Das Ergebnis der Übung ist mit Datum gespeichert.',
    'Ich weiß, womit der nächste Block beginnt.',
  ],
  closing:
    'Wenn die Checkliste voll ist, schließ die Lektion und nimm dir einen Tag frei: Der nächste Block baut auf dem auf, was du gerade geschafft hast.',
  themes: [
    {
      title: 'Wo du heute stehst',
      aim: 'Den Ausgangspunkt beschreiben, damit später der Fortschritt zu sehen ist.',
      steps: [
        'Schreib auf, was du in Schule, Arbeit und zu Hause gemacht hast, und jeweils daneben, was genau dein Anteil war.',
        'Markiere drei Dinge, die dir leichtfielen, und drei, die am meisten Kraft kosteten.',
        'Schreib einen Absatz über das Ziel dieses Plans: {role}.',
      ],
      exercise:
        'Erkläre jemandem in drei Minuten, wo du stehst, und notiere, wonach gefragt wurde.',
      evidence: 'Eine Seite mit Datum, die deinen Ausgangspunkt beschreibt.',
    },
    {
      title: 'Eine Karte des Berufsfelds',
      aim: 'Herausfinden, woraus die Arbeit wirklich besteht und was Arbeitgeber verlangen.',
      steps: [
        'Such zehn Stellenanzeigen nahe an deinem Ziel ({role}) und schreib ihre Anforderungen heraus.',
        'Zähle, welche Anforderungen am häufigsten vorkommen, und ordne sie.',
        'Markiere, was du schon hast, zum Beispiel: {skill}.',
      ],
      exercise: 'Mach eine Tabelle mit drei Spalten: kann ich, lerne ich, kenne ich noch nicht.',
      evidence: 'Eine Tabelle mit mindestens zwölf Anforderungen, nach Häufigkeit geordnet.',
    },
    {
      title: 'Ein Rhythmus, der hält',
      aim: 'Feste Lernzeiten finden, die auch eine volle Woche überstehen.',
      steps: [
        'Schreib stundenweise auf, wie die letzten sieben Tage wirklich waren.',
        'Wähle zwei längere und zwei kurze Zeiten und trag sie in den Kalender ein.',
        'Richte einen Platz ein, an dem alles zur Hand ist, nur das Telefon nicht.',
      ],
      exercise: 'Halte die Zeiten eine Woche lang ein und schreib nach jeder eine Zeile.',
      evidence: 'Ein Kalender mit vier Zeiten und eine Woche Notizen.',
    },
    {
      title: 'Grundlagen: Begriffe und Prinzipien',
      aim: 'Die Grundbegriffe so gut verstehen, dass Fachtexte lesbar werden.',
      steps: [
        'Wähle einen Einführungskurs oder ein Buch und lies nur das erste Drittel.',
        'Leg ein kleines Wörterbuch mit dreißig Begriffen in eigenen Worten an.',
        'Finde zu fünf Begriffen ein Beispiel aus dem, was dir Freude macht: {interest}.',
      ],
      exercise: 'Schließ deine Notizen und erkläre zehn Begriffe auf einem leeren Blatt.',
      evidence: 'Ein Wörterbuch mit dreißig Begriffen und Beispielen.',
    },
    {
      title: 'Grundlagen: erste Praxis',
      aim: 'Die Grundlagen in zehn kurzen Aufgaben anwenden.',
      steps: [
        'Wähle zehn Aufgaben von höchstens einer halben Stunde, von der leichtesten zur schwersten.',
        'Löse sie zuerst ohne Hilfe und vergleiche dann mit einer Musterlösung.',
        'Notiere die Fehler, die mehr als einmal vorkamen.',
      ],
      exercise: 'Mach die schwerste der zehn Aufgaben zwei Tage später noch einmal.',
      evidence: 'Zehn gelöste Aufgaben und eine Liste deiner drei häufigsten Fehler.',
    },
    {
      title: 'Dein erstes kleines Projekt',
      aim: 'Etwas Kleines von Anfang bis Ende fertigstellen.',
      steps: [
        'Beschreibe das Ergebnis in drei Sätzen: für wen, was es tut und woran du merkst, dass es fertig ist.',
        'Teile die Arbeit in sechs Stücke und fang mit dem unsichersten an.',
        'Nutze, was du schon kannst ({skill}), wo immer es Zeit spart.',
      ],
      exercise: 'Zeig das halbfertige Projekt jemandem und ändere deswegen eine Sache.',
      evidence: 'Ein fertiges Projekt mit einer halben Seite Beschreibung.',
    },
    {
      title: 'Die Werkzeuge des Handwerks',
      aim: 'Die zwei oder drei Werkzeuge kennenlernen, mit denen die Arbeit getan wird.',
      steps: [
        'Wähle aus der Karte des Berufsfelds die Werkzeuge, die am meisten verlangt werden.',
        'Installiere oder öffne sie und geh ihre offizielle Einführung durch.',
        'Mach ein Stück deines Projekts mit dem neuen Werkzeug noch einmal.',
      ],
      exercise:
        'Schreib eine einseitige Anleitung für jemanden, der das Werkzeug zum ersten Mal sieht.',
      evidence: 'Eine Anleitung mit fünf Schritten und zwei Bildern oder Beispielen.',
    },
    {
      title: 'Von anderen lernen',
      aim: 'Menschen treffen, die diese Arbeit tun, und verstehen, wie sie denken.',
      steps: [
        'Finde zwei Gemeinschaften, in deiner Stadt oder im Netz, und lies eine Woche mit.',
        'Bereite fünf konkrete Fragen zu deinem Ziel vor: {role}.',
        'Bitte einen Menschen um ein Gespräch von einer Viertelstunde und danke danach schriftlich.',
      ],
      exercise: 'Fasse das Gespräch in zehn Sätzen zusammen und markiere, was dich überrascht hat.',
      evidence:
        'Notizen aus einem Gespräch und eine Liste von drei Menschen, mit denen du in Kontakt bleibst.',
    },
    {
      title: 'Ein Projekt nah an der echten Arbeit',
      aim: 'Etwas machen, das wie eine Aufgabe aus dem Beruf aussieht.',
      steps: [
        'Wähle ein Problem eines echten Menschen, Vereins oder Ladens in deiner Nähe.',
        'Vereinbare mit ihm das Ergebnis und einen Termin.',
        'Führe ein Tagebuch der Entscheidungen: was du gewählt und worauf du verzichtet hast.',
      ],
      exercise: 'Übergib das Ergebnis dem, für den es ist, und schreib seine Worte auf.',
      evidence: 'Ein übergebenes Ergebnis und ein Tagebuch der Entscheidungen.',
    },
    {
      title: 'Rückmeldung und Qualität',
      aim: 'Lernen, die eigene Arbeit mit fremden Augen zu sehen.',
      steps: [
        'Schreib zehn Merkmale guter Arbeit in deinem Fach auf.',
        'Beurteile danach deine zwei Projekte und verbessere die drei schwächsten Stellen.',
        'Bitte um Rückmeldung zu einer bestimmten Frage, nicht zu allem.',
      ],
      exercise: 'Leg die Fassung vor und nach der Verbesserung nebeneinander.',
      evidence: 'Eine Liste von Qualitätsmerkmalen und zwei verbesserte Projekte.',
    },
    {
      title: 'Ein Portfolio, das für dich spricht',
      aim: 'Ergebnisse dorthin stellen, wo andere sie sehen und verstehen.',
      steps: [
        'Wähle drei Ergebnisse und schreib zu jedem das Problem, deinen Anteil und die Wirkung.',
        'Füge jedem ein Bild, eine Probe oder einen Link hinzu.',
        'Verbinde sie mit einer kurzen Einleitung: wer du bist und wohin du willst ({role}).',
      ],
      exercise:
        'Lass jemanden eine Minute auf das Portfolio schauen und frage, was in Erinnerung blieb.',
      evidence: 'Eine Seite mit drei Ergebnissen, die über einen Link zu öffnen ist.',
    },
    {
      title: 'Lebenslauf und Profil',
      aim: 'Die Erfahrungen so beschreiben, dass sie auf das antworten, was verlangt wird.',
      steps: [
        'Schreib jede Erfahrung als Satz mit einem Verb und einem Ergebnis um.',
        'Stell die Fähigkeiten nach vorn, die in den Anzeigen am häufigsten stehen.',
        'Gleiche dein Profil in einem beruflichen Netzwerk daran an.',
      ],
      exercise: 'Mach eine Fassung des Lebenslaufs für eine bestimmte Anzeige.',
      evidence: 'Ein einseitiger Lebenslauf, von jemand anderem gelesen und verbessert.',
    },
    {
      title: 'Bewerbungen und Ansprache',
      aim: 'Wenige gute Bewerbungen schicken statt vieler allgemeiner.',
      steps: [
        'Wähle fünf Stellen, die für dein Ziel sinnvoll sind.',
        'Schreib zu jeder drei Sätze: warum gerade sie und was du mitbringst.',
        'Führe eine Tabelle: gesendet, Antwort, nächster Schritt, Datum.',
      ],
      exercise:
        'Lies eine Bewerbung laut und streiche jeden Satz, der in jeder anderen stehen könnte.',
      evidence: 'Fünf gesendete Bewerbungen und eine Tabelle ihres Stands.',
    },
    {
      title: 'Vorbereitung auf Gespräche',
      aim: 'Ruhig und mit Beispielen über die eigene Arbeit sprechen.',
      steps: [
        'Bereite sechs kurze Geschichten vor: Lage, Aufgabe, dein Vorgehen, Ergebnis.',
        'Übe die Antworten auf zehn übliche Fragen laut.',
        'Bereite drei eigene Fragen an den Arbeitgeber vor.',
      ],
      exercise:
        'Nimm ein Probegespräch auf und sieh es einmal auf den Inhalt und einmal auf das Tempo hin an.',
      evidence: 'Sechs Geschichten auf Papier und ein aufgenommenes Probegespräch.',
    },
    {
      title: 'Rückblick und weiter',
      aim: 'Zusammenfassen, was sich geändert hat, und wählen, was jetzt kommt.',
      steps: [
        'Lies die Seite aus dem ersten Block noch einmal und markiere, was nicht mehr stimmt.',
        'Schreib die drei Entscheidungen auf, die am meisten geholfen haben.',
        'Plane die nächsten drei Monate in höchstens fünf Punkten.',
      ],
      exercise: 'Schreib dir einen Brief, den du in einem halben Jahr öffnest.',
      evidence: 'Eine Zusammenfassung auf einer Seite und ein Plan für das nächste Quartal.',
    },
  ],
};
