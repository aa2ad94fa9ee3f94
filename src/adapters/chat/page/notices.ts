/**
 * What the interface says, in English, Slovak or German → what it means. Only ever to be asked about
 * elements of the interface (dialogs, banners, toasts, the error of a turn), never about an answer: an
 * answer may hold the very same words.
 */
import { folded } from './folded.ts';

export const NOTICE_KINDS = [
  'suspicious_activity',
  'plan_cap',
  'throttled',
  'too_long',
  'conversation_missing',
  'logged_out',
  'challenge',
  'thinking_failed',
  'answer_failed',
  'network',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** In order of weight: the first that matches is what a text means. */
const MEANINGS: readonly (readonly [NoticeKind, readonly RegExp[]])[] = [
  [
    'suspicious_activity',
    [
      /\b(?:suspicious|unusual) (?:activity|login|behaviou?r)/,
      /\bunusual traffic\b/,
      /\bpodozriv\w+ (?:aktivit|spravan|prihlasen)|\bnezvycajn\w+ (?:aktivit|spravan)/,
      /\b(?:verdachtige|ungewohnliche) (?:aktivitat|anmeldung|verhalten)/,
    ],
  ],
  [
    'plan_cap',
    [
      /\b(?:hit|reached|used up|exceeded|out of)\b.{0,60}\b(?:limit|cap|quota|messages|credits)\b/,
      /\b(?:limit|cap|quota)\b.{0,40}\b(?:reached|resets?|used up)\b/,
      /\bdosiah\w+\b.{0,60}\blimit|\blimit\w*\b.{0,40}\b(?:dosiahnut|vycerpan|obnov)|\bvycerpali\b/,
      /\blimit\b.{0,60}\b(?:erreicht|aufgebraucht|zuruckgesetzt)|\b(?:kontingent|guthaben)\b.{0,40}\b(?:erreicht|aufgebraucht|erschopft)/,
    ],
  ],
  [
    'throttled',
    [
      /\btoo many (?:requests|messages)\b/,
      /\b(?:making|sending) (?:requests|messages) too (?:quickly|fast)\b/,
      /\btemporarily (?:limited|restricted)\b.{0,60}\b(?:access|conversations|requests)\b/,
      /\bprilis (?:vela|mnoho) (?:poziadav\w+|ziadosti|sprav)|\bprilis rychlo\b/,
      /\bzu viele (?:anfragen|nachrichten|anforderungen)|\bzu schnell\b/,
    ],
  ],
  [
    'too_long',
    [
      /\b(?:message|prompt|text|input|conversation)\b.{0,40}\btoo (?:long|large)\b/,
      /\bsomething shorter\b|\bmaximum length\b/,
      /\b(?:sprava|text|vstup|konverzacia)\b.{0,40}\bprilis (?:dlh|velk)/,
      /\b(?:nachricht|text|eingabe|unterhaltung)\b.{0,40}\bzu (?:lang|gross)/,
    ],
  ],
  [
    'conversation_missing',
    [
      /\bunable to load (?:this )?conversation\b|\b(?:conversation|chat|page)\b.{0,30}\b(?:not found|does not exist|was deleted)\b/,
      /\b(?:konverzaci\w+|chat|stranka)\b.{0,60}\b(?:nepodarilo nacitat|nenas\w+|neexistuje)|\bnepodarilo\b.{0,30}\bnacitat\b.{0,30}\bkonverzaci/,
      /\b(?:unterhaltung|chat|seite)\b.{0,60}\b(?:nicht gefunden|nicht geladen|existiert nicht)/,
    ],
  ],
  [
    'logged_out',
    [
      /\bsession (?:has )?expired\b|\b(?:log|sign) ?in (?:again|to continue)\b|\byou (?:have been|were|are) (?:logged|signed) out\b/,
      /\b(?:relacia|prihlasenie)\b.{0,30}\b(?:vyprsal\w*|skoncil\w*)|\bprihlaste sa\b|\bodhlasen/,
      /\bsitzung\b.{0,30}\babgelaufen\b|\b(?:erneut|wieder) anmelden\b|\babgemeldet\b/,
    ],
  ],
  [
    'challenge',
    [
      /\bverify (?:that )?you are (?:a )?human\b|\bjust a moment\b|\bchecking your browser\b|\bare you a robot\b/,
      /\boverte,? ze ste clovek\b|\bmoment, prosim\b|\bnie som robot\b/,
      /\bbestatigen sie,? dass sie ein mensch\b|\bnur einen moment\b|\bkein roboter\b/,
    ],
  ],
  [
    'thinking_failed',
    [
      /\bthinking (?:failed|was interrupted|stopped)\b|\bfailed to think\b/,
      /\b(?:premyslanie|uvazovanie)\b.{0,20}\b(?:zlyhalo|prerusene)/,
      /\bnachdenken\b.{0,20}\b(?:fehlgeschlagen|abgebrochen)/,
    ],
  ],
  [
    'network',
    [
      /\bnetwork (?:error|connection)\b|\bconnection (?:was )?(?:lost|interrupted)\b|\byou(?:'re| are) offline\b/,
      /\bchyba siete\b|\bste offline\b|\bpripojenie\b.{0,20}\b(?:prerusene|stratene)/,
      /\bnetzwerkfehler\b|\bsie sind offline\b|\bverbindung\b.{0,20}\b(?:unterbrochen|verloren)/,
    ],
  ],
  [
    'answer_failed',
    [
      /\bsomething went wrong\b|\b(?:an )?error (?:occurred|in (?:the )?(?:message|body) stream|generating)\b|\bfailed to (?:get|generate)\b/,
      /\bnieco sa pokazilo\b|\b(?:vyskytla|nastala) sa? ?chyba\b|\bchyba pri generovan/,
      /\betwas ist schiefgelaufen\b|\bein fehler ist aufgetreten\b|\bfehler (?:bei|beim)\b/,
    ],
  ],
];

/** Null for a text that means no trouble. */
export function noticeKindOf(text: string): NoticeKind | null {
  const words = folded(text);
  const found = MEANINGS.find(([, patterns]) => patterns.some((pattern) => pattern.test(words)));
  return found?.[0] ?? null;
}

export interface Notice {
  readonly kind: NoticeKind;
  readonly text: string;
}

/** The weightiest of what several elements say. */
export function worstNotice(texts: readonly string[]): Notice | null {
  const notices = texts.flatMap((text) => {
    const kind = noticeKindOf(text);
    return kind === null ? [] : [{ kind, text }];
  });
  const weight = ({ kind }: Notice): number => NOTICE_KINDS.indexOf(kind);
  return notices.toSorted((a, b) => weight(a) - weight(b))[0] ?? null;
}
