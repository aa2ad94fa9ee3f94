/** Any value as plain JSON data, each text of it changed on the way: for logs and messages. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export interface Changes {
  readonly text: (text: string) => string;
  /** True when what stands under the key must not be shown. */
  readonly hidden: (key: string) => boolean;
  readonly hiddenMark: string;
}

/** Deeper than anything that is logged on purpose. */
const MAX_DEPTH = 8;
const MAX_MEMBERS = 1_000;

type Path = readonly object[];

function membersOf(value: object): readonly (readonly [string, unknown])[] {
  if (value instanceof Map) {
    return [...value].map(([key, member]): [string, unknown] => [String(key), member]);
  }
  if (!(value instanceof Error)) return Object.entries(value);
  // name, message, stack and cause are no enumerable properties of an error.
  const { name, message, stack, cause } = value;
  const own = Object.entries(value).filter(([key]) => key !== 'name');
  const errors: [string, unknown][] =
    value instanceof AggregateError ? [['errors', value.errors]] : [];
  return [
    ['type', name],
    ['message', message],
    ['stack', stack],
    ...own,
    ...errors,
    ...(cause === undefined ? [] : [['cause', cause] as const]),
  ];
}

function plainObject(value: object, changes: Changes, path: Path): Plain {
  const shown = membersOf(value)
    .slice(0, MAX_MEMBERS)
    .filter(([, member]) => member !== undefined && typeof member !== 'function');
  // fromEntries, as an assignment to `__proto__` would do something else.
  return Object.fromEntries(
    shown.map(([key, member]) => {
      const hide = typeof member === 'string' && changes.hidden(key);
      return [changes.text(key), hide ? changes.hiddenMark : plain(member, changes, path)];
    }),
  );
}

interface HasJson {
  toJSON(): unknown;
}

function hasJson(value: object): value is HasJson {
  return 'toJSON' in value && typeof value.toJSON === 'function';
}

function readable(value: object, changes: Changes, path: Path): Plain {
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (hasJson(value)) return plain(value.toJSON(), changes, path);
  if (value instanceof Set) return plain([...value], changes, path);
  if (Array.isArray(value)) {
    return value.slice(0, MAX_MEMBERS).map((member) => plain(member, changes, path));
  }
  return plainObject(value, changes, path);
}

/** `path` is the objects around the value, outermost first. */
export function plain(value: unknown, changes: Changes, path: Path = []): Plain {
  if (typeof value === 'string') return changes.text(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'bigint' || typeof value === 'symbol') return changes.text(String(value));
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (path.includes(value)) return '[circular]';
  if (path.length >= MAX_DEPTH) return '[deeper]';
  try {
    return readable(value, changes, [...path, value]);
  } catch (error) {
    // A getter or toJSON of somebody else's object threw; the log line must come out all the same.
    return `[unreadable: ${error instanceof Error ? error.name : typeof error}]`;
  }
}
