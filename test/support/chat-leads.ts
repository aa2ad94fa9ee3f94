/** Four descriptions that say the same kind of things, each in its own language. */
export const LEADS = {
  sk:
    'Volám sa Zuzana Kováčová, mám 24 rokov. Pracujem v kaviarni v Žiline, predtým som vyštudovala ' +
    'obchodnú akadémiu. Viem Excel, Canva a základy HTML. Baví ma kreslenie, fotografovanie a káva. ' +
    'Chcem sa stať grafickou dizajnérkou. Učiť sa môžem 8 hodín týždenne, nemám peniaze na drahé kurzy.',
  cs:
    'Jmenuji se Jiří Dvořák, je mi 31 let. Pracuji jako řidič a večer studuji. Umím číst mapy a opravit ' +
    'počítač. Baví mě šachy a programování. Chci být programátor. Mám 10 hodin týdně, ale nemám notebook.',
  en:
    "My name is Emma Clarke, I'm 22. I finished college last year and work in a shop. I know Excel and " +
    'a bit of SQL. I enjoy gardening and podcasts. I want to become a data analyst. I have 6 hours a ' +
    'week, but I cannot move to another city.',
  de:
    'Ich heiße Jonas Weiß und bin 27 Jahre alt. Ich arbeite in einem Lager und habe eine Ausbildung als ' +
    'Tischler. Ich kann Holz bearbeiten und zeichnen. Ich interessiere mich für Architektur und Musik. ' +
    'Ich möchte Bauzeichner werden. Ich habe 5 Stunden pro Woche, aber kein Auto.',
} as const;
