/**
 * A reader of JSON as chat models write it: besides strict JSON it takes smart quotes, single quotes,
 * trailing commas, comments, bare keys, raw line breaks in strings, any Unicode white space and the
 * literals of Python. It never completes what was cut: that is told apart from what is malformed.
 */

export type JsonOutcome =
  | { readonly kind: 'value'; readonly value: unknown; readonly end: number }
  | { readonly kind: 'cut' }
  | {
      readonly kind: 'malformed';
      readonly at: number;
      readonly problem: string;
      /** False when it stopped before the first key: a brace in prose. */
      readonly hadKey: boolean;
    };

const MAX_DEPTH = 64;
const CLOSING_QUOTES: Readonly<Record<string, string>> = {
  '“': '“”"″‟',
  '”': '“”"″‟',
  '„': '“”"″‟',
  '‟': '“”"″‟',
  '″': '“”"″‟',
  '«': '»',
  '»': '«»',
  "'": "'",
  '‘': '’‘',
  '’': '’‘',
  '‚': '’‘',
};
const LITERALS: Readonly<Record<string, unknown>> = {
  true: true,
  false: false,
  null: null,
  True: true,
  False: false,
  None: null,
  undefined: null,
  NaN: null,
};
const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Thrown inside this file only, to leave the recursion; `readObject` turns it into a value. */
class Stop extends Error {
  readonly outcome: JsonOutcome;
  constructor(outcome: JsonOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

class Reader {
  readonly text: string;
  at: number;
  hadKey = false;

  constructor(text: string, at: number) {
    this.text = text;
    this.at = at;
  }

  fail(problem: string): never {
    if (this.at >= this.text.length) throw new Stop({ kind: 'cut' });
    throw new Stop({ kind: 'malformed', at: this.at, problem, hadKey: this.hadKey });
  }

  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  skipSpace(): void {
    this.match(/(?:\s|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y);
  }

  peek(): string {
    this.skipSpace();
    return this.text[this.at] ?? '';
  }

  take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) this.fail(`it nests more than ${MAX_DEPTH} levels deep`);
    const next = this.peek();
    if (next === '{') return this.object(depth);
    if (next === '[') return this.array(depth);
    if (next === '"' || next in CLOSING_QUOTES) return this.string();
    return this.scalar();
  }

  scalar(): unknown {
    const start = this.at;
    const number = this.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y);
    // A number that touches the end may have lost digits.
    if (number !== null) return this.at >= this.text.length ? this.fail('') : Number(number);
    if (this.match(/[-+\d.eE]+$/y) !== null) return this.fail('');
    const word = this.match(/[A-Za-z]+/y);
    if (word !== null && word in LITERALS) return LITERALS[word];
    if (word === null || this.at < this.text.length) this.at = start;
    return this.fail('a value was expected');
  }

  object(depth: number): Record<string, unknown> {
    this.at += 1;
    const members = new Map<string, unknown>();
    while (!this.take('}')) {
      const key = this.key();
      if (!this.take(':')) this.fail('a colon was expected after a key');
      this.hadKey = true;
      members.set(key, this.value(depth + 1));
      if (!this.take(',') && this.peek() !== '}') {
        this.fail('a comma or a closing brace was expected');
      }
    }
    members.delete('__proto__');
    return Object.fromEntries(members);
  }

  key(): string {
    const next = this.peek();
    if (next === '"' || next in CLOSING_QUOTES) return this.string();
    return (
      this.match(/[\p{L}_$][\p{L}\p{N}_$-]*/uy) ?? this.fail('a key in double quotes was expected')
    );
  }

  array(depth: number): unknown[] {
    this.at += 1;
    const items: unknown[] = [];
    while (!this.take(']')) {
      items.push(this.value(depth + 1));
      if (!this.take(',') && this.peek() !== ']') {
        this.fail('a comma or a closing bracket was expected');
      }
    }
    return items;
  }

  string(): string {
    const open = this.text[this.at] ?? '';
    this.at += 1;
    let value = '';
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) return this.fail('');
      if (this.endsString(open, char)) {
        this.at += 1;
        return value;
      }
      value += char === '\\' ? this.escape() : char;
      this.at += 1;
    }
  }

  /**
   * Only the plain quote is unambiguous. The others are common inside texts as well, so they close a
   * string where the next thing is one that may follow a string.
   */
  endsString(open: string, char: string): boolean {
    if (open === '"') return char === '"';
    if (!(CLOSING_QUOTES[open] ?? '').includes(char)) return false;
    const follows = /\s*(?:[,:}\]]|$)/y;
    follows.lastIndex = this.at + 1;
    return follows.test(this.text);
  }

  /** Leaves the reader on the last character of the escape. */
  escape(): string {
    this.at += 1;
    const char = this.text[this.at];
    if (char === undefined) return this.fail('');
    if (char !== 'u') return ESCAPES[char] ?? char;
    const hex = this.text.slice(this.at + 1, this.at + 5);
    if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
      if (this.at + 1 + hex.length >= this.text.length) this.at = this.text.length;
      return this.fail('an escape \\u needs four hexadecimal digits');
    }
    this.at += 4;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }
}

/** Reads the object that begins with the brace at `start`. */
export function readObject(text: string, start: number): JsonOutcome {
  const reader = new Reader(text, start);
  try {
    const value = reader.object(1);
    return { kind: 'value', value, end: reader.at };
  } catch (stop) {
    if (stop instanceof Stop) return stop.outcome;
    throw stop;
  }
}
