/**
 * Words on the page's controls, by what they do, in the languages that planline knows: English, Slovak,
 * Czech, German. Compared whole, without regard to case. The English ones come first: `doctor` names them.
 */
export const LABELS = {
  sendPrompt: ['Send prompt', 'Odoslať výzvu', 'Odeslat výzvu', 'Prompt senden'],
  send: ['Send', 'Odoslať', 'Odeslat', 'Senden'],
  stopStreaming: [
    'Stop streaming',
    'Stop generating',
    'Zastaviť streamovanie',
    'Zastavit streamování',
    'Streaming stoppen',
  ],
  stop: ['Stop', 'Zastaviť', 'Zastavit', 'Stoppen', 'Anhalten'],
  copyResponse: [
    'Copy response',
    'Copy',
    'Kopírovať odpoveď',
    'Kopírovať',
    'Kopírovat odpověď',
    'Kopírovat',
    'Antwort kopieren',
    'Kopieren',
  ],
  retry: [
    'Retry',
    'Try again',
    'Regenerate',
    'Skúsiť znova',
    'Zkusit znovu',
    'Erneut versuchen',
    'Wiederholen',
  ],
  continueGenerating: [
    'Continue generating',
    'Pokračovať v generovaní',
    'Pokračovat v generování',
    'Generierung fortsetzen',
    'Weiter generieren',
  ],
  removeFile: [
    'Remove file',
    'Remove attachment',
    'Odstrániť súbor',
    'Odebrat soubor',
    'Datei entfernen',
  ],
} as const satisfies Record<string, readonly string[]>;
