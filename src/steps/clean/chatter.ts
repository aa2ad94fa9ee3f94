/**
 * What a chat model says around its work. Only whole lines count, and only those that speak of the
 * page, of the request or of a next turn, so that a lesson's own words are never taken for it.
 */

/** Words for the page itself; a lesson speaks of its subject. */
const WORK =
  '(?:html|webpage|web page|converted|transformed|markup|conversion|(?:html|webov\\p{L}*) stránk\\p{L}*)';
const WHOLE =
  '(?:complete|full|whole|converted|transformed|requested|final|finished|updated|revised|kompletn\\p{L}*|' +
  'cel\\p{L}|hotov\\p{L}*|požadovan\\p{L}*|upraven\\p{L}*|výsledn\\p{L}*|finálna)';
const PIECE =
  '(?:lesson|page|version|document|stránk\\p{L}*|lekci\\p{L}*|verzi\\p{L}*|dokument\\p{L}*)';
const YES =
  '(?:sure|certainly|of course|absolutely|great|okay|ok|samozrejme|iste|jasné|jasne|určite|samozřejmě|jistě|jasně)';
const HERE =
  "(?:here(?:['’]s| is| are)|below is|tu je|tu máte|tu máš|nižšie je|nižšie nájdete|nech sa páči|zde je|níže je)";

const OPENINGS: readonly RegExp[] = [
  new RegExp(`^(?:${YES}|got it|understood|rozumiem|dobre|rozumím)(?: thing)?[!.,]*$`, 'iu'),
  new RegExp(
    `^(?:${YES}(?: thing)?[!.,]*\\s+)?${HERE}(?!\\p{L})[^.!?]{0,160}?(?<!\\p{L})${WORK}(?!\\p{L})[^.!?]{0,120}[.:!]*$`,
    'iu',
  ),
  new RegExp(
    `^${HERE}(?: the| your| tvoj\\p{L}*| vaš\\p{L}*| tá)? ${WHOLE} ${PIECE}[^.!?]{0,80}[.:!]*$`,
    'iu',
  ),
  new RegExp(
    `^${YES}(?: thing)?[!.,]+\\s+(?:${HERE}|i(?:['’]ll| will| have|['’]ve)|pripravil|previedol|připravil)(?!\\p{L})[^\\n]{0,250}$`,
    'iu',
  ),
  /^i(?:['’]ve| have) (?:converted|transformed|turned|rewritten|formatted) (?:the|your|this)\b[^\n]{0,250}$/iu,
];

const CLOSINGS: readonly RegExp[] = [
  /^(?:please )?(?:feel free to )?let me know (?:if|whether|what|when|how)\b[^\n]{0,250}$/iu,
  /^would you like me to\b[^\n]{0,250}$/iu,
  /^do you want me to\b[^\n]{0,250}\?$/iu,
  /^(?:shall|should) i (?:also |now )?(?:add|adjust|continue|convert|expand|generate|go on|prepare|shorten|translate)\b[^\n]{0,250}\?$/iu,
  /^if you(?:['’]d like|['’]d prefer| want| would like| wish| need)[^\n.]{0,160}\bi (?:can|could|will|would)\b[^\n]{0,250}$/iu,
  /^if you(?:['’]d like| want| would like| need)\b[^\n]{0,200}\b(?:let me know|just (?:ask|say))\b[^\n]{0,60}$/iu,
  /^i (?:can|could) also (?:add|adjust|convert|create|expand|export|generate|make|prepare|provide|shorten|translate|turn|write)\b[^\n]{0,250}$/iu,
  /^(?:i )?hope (?:this|that|it) (?:helps|was helpful|is helpful)\b[^\n]{0,100}$/iu,
  /^feel free to (?:ask|reach out|let me know)\b[^\n]{0,200}$/iu,
  /^(?:dajte|daj|dejte|dej) (?:mi|nám) (?:prosím |vedieť|vědět)[^\n]{0,250}$/iu,
  /^(?:ak|pokiaľ|pokud|jestli) (?:chceš|chcete|by ste chceli|by si chcel\p{L}*|potrebujete|potrebuješ|potřebujete)[^\n]{0,160}(?<!\p{L})(?:môžem|viem|rád|rada|mohu|můžu|umím|daj\p{L}* (?:mi )?vedieť)(?!\p{L})[^\n]{0,250}$/iu,
  /^(?:chceš|chcete|prajete si|želáte si|přejete si),? (?:aby som|abych)(?!\p{L})[^\n]{0,250}\?$/iu,
  /^(?:dúfam|verím|doufám),? (?:že )?[^\n]{0,60}(?:pomôž|pomohl|pomáha|pomůž|užitočn|užitečn)[^\n]{0,100}$/iu,
  /^(?:rád|rada) (?:vám|ti) (?:pomôžem|pomohu|pomůžu)[^\n]{0,200}$/iu,
];

export function isOpeningChatter(line: string): boolean {
  return OPENINGS.some((pattern) => pattern.test(line.trim()));
}

export function isClosingChatter(line: string): boolean {
  return CLOSINGS.some((pattern) => pattern.test(line.trim()));
}
