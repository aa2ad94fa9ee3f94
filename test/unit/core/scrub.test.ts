import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber } from '../../../src/core/scrub.ts';

const plainScrubber = createScrubber([]);
const text = (original: string): string => plainScrubber.text(original);

describe('telephone numbers', () => {
  it.each([
    '+421905123456',
    '+421 905 123 456',
    '+421 2 5441 1111',
    '+421 (0)905/123 456',
    '00421 905 123 456',
    '00421905123456',
    '0905 123 456',
    '0905/123 456',
    '0905123456',
    '0905-123-456',
    '(02) 1234 5678',
    '02/1234 5678',
    '905 123 456',
    '(+44) 20 7946 0958',
    '+44 20 7946 0958',
    '+1 555-123-4567',
    '+1 (555) 123-4567',
    '555-123-4567',
    '(555) 123-4567',
    '1-800-555-1234',
    '+49 1512 3456789',
    '06 12 34 56 78',
    '01.23.45.67.89',
  ])('%s is removed', (number) => {
    expect(text(`Call ${number}, please`)).toBe('Call [phone], please');
    expect(text(`tel:${number}`)).toBe('tel:[phone]');
    expect(text(number)).toBe('[phone]');
    expect(text(`${number}.`)).toBe('[phone].');
  });

  it('goes without what follows it', () => {
    expect(text('+421 905 123 456 20 times')).toBe('[phone] 20 times');
    expect(text('0905 123 456 2026-11-23')).toBe('[phone] 2026-11-23');
    expect(text('+421905123456 2026-11-23T17:45:01.000Z')).toBe('[phone] 2026-11-23T17:45:01.000Z');
  });
});

describe('what must stay', () => {
  it.each([
    '0190c2f1-7d3a-7b8e-9c1d-2f3a4b5c6d7e',
    '01234567-8901-2345-6789-012345678901',
    '00000000-0000-4000-8000-0000000000a1',
    '09051234-5678-4901-8234-090512345678',
    '2026-11-23',
    '2026-11-23T17:45:01.123Z',
    '2026-11-23 09:15:30.123456+02:00',
    '01.12.2026 10:20',
    '09/10/2026 10:11',
    '07-08-2026 10:11:12',
    '20261123_174501',
    'runs/20261123_174501/plan/plan.txt',
    '9007199254740993',
    '9223372036854775807',
    '42',
    '1732384501123',
    '0.30000000000000004',
    '-1.5e+10',
    '+02:00',
    '127.0.0.1:54321',
    '192.168.100.200',
    '10.4.0',
    'a3f5'.repeat(16),
    '1234567890'.repeat(6) + '1234',
    '0000000042',
    'file:///app/src/shell/run-lead.ts:123:45',
    'exit codes 200 404 500',
    '12 345 678 bytes',
    'nodemailer@10.6.0',
    'node_modules/@slack/webhook/dist/index.js',
    'language sk-SK, task-force, risk-based-thinking',
    'a bearer certificate',
    'planline flag 42',
    'http://127.0.0.1:54321/rest/v1/junior_leads?id=eq.42',
    'sb_publishable_is_public',
    "EACCES: permission denied, open 'runs/42/events.jsonl'",
  ])('%s', (kept) => {
    expect(text(kept)).toBe(kept);
    expect(text(`lead ${kept} failed (${kept})`)).toBe(`lead ${kept} failed (${kept})`);
  });

  it('every uuid, date, run id, bigint and sha256', () => {
    const instant = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const kept = fc.oneof(
      fc.uuid(),
      instant,
      instant.map((iso) => iso.slice(0, 10)),
      instant.map((iso) => iso.replace(/[-:]/g, '').replace('T', '_').slice(0, 15)),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc
        .uint8Array({ minLength: 32, maxLength: 32 })
        .map((hash) => Buffer.from(hash).toString('hex')),
    );
    fc.assert(
      fc.property(kept, kept, (one, two) => {
        for (const line of [
          one,
          `lead ${one}: ${two}`,
          `${one},${two}`,
          `/runs/${one}/${two}.txt`,
        ]) {
          expect(text(line)).toBe(line);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('e-mail addresses', () => {
  it.each([
    'jana@example.org',
    "o'neil+jobs@mail.example.co.uk",
    'žofia@príklad.sk',
    'jana%40example.org',
  ])('%s is removed', (address) => {
    expect(text(`Write to <${address}>, please`)).toBe('Write to <[email]>, please');
  });
});

describe('keys and passwords', () => {
  it.each([
    ['sk-proj-abcDEF0123456789', '[secret]'],
    ['key sk-test-1234567890abcdef.', 'key [secret].'],
    ['sb_secret_N7UND0UgjKTVK', '[secret]'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoic2VydmljZV9yb2xlIn0.c2lnbmF0dXJl', '[secret]'],
    ['Authorization: Bearer abc123def456', 'Authorization: Bearer [secret]'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [secret]'],
    ['Authorization: abcdefgh', 'Authorization: [secret]'],
    [
      'https://hooks.slack.com/services/T0/B0/xyz failed',
      'https://hooks.slack.com/[secret] failed',
    ],
    [
      'smtps://me%40example.org:p@ss@mail.example.org:465/',
      'smtps://[secret]@mail.example.org:465/',
    ],
    ['postgres://postgres:postgres@127.0.0.1:5432/db', 'postgres://[secret]@127.0.0.1:5432/db'],
    [
      'https://x.example/rest?apikey=abc&select=id',
      'https://x.example/rest?apikey=[secret]&select=id',
    ],
    ['{"api_key":"a\\"b","n":1}', '{"api_key":"[secret]","n":1}'],
  ])('%s', (original, scrubbed) => {
    expect(text(original)).toBe(scrubbed);
  });

  it('of which the value is known go wherever they stand', () => {
    const scrubber = createScrubber(['p@ss wörd', 'abc', 'smtp://me:pa%C5%BEpaz@mail.example.org']);
    expect(scrubber.text('xp@ss wördx')).toBe('x[secret]x');
    expect(scrubber.text(`pw ${encodeURIComponent('p@ss wörd')}`)).toBe('pw [secret]');
    expect(scrubber.text('it was pažpaz')).toBe('it was [secret]');
    expect(scrubber.text('abc is too short to be searched for')).toContain('abc');
  });

  it('of which one is a webhook go by their path too', () => {
    const scrubber = createScrubber(['https://chat.example/hooks/abcdef']);
    expect(scrubber.text('POST /hooks/abcdef failed')).toBe('POST [secret] failed');
  });

  it('go before a shorter one that they contain', () => {
    expect(createScrubber(['secret', 'secret-longer']).text('=secret-longer=')).toBe('=[secret]=');
  });
});

describe('names', () => {
  it('go as whole words, in every spelling, alone and together', () => {
    const scrubber = createScrubber([]);
    scrubber.add('Žofia Nováková');
    expect(scrubber.text('Žofia Nováková, Nováková Žofia, Zofia Novakova')).toBe(
      '[name], [name] [name], [name]',
    );
    expect(scrubber.text('Nováková'.normalize('NFD'))).toBe('[name]');
    expect(scrubber.text('"Žofia"\'s plan')).toBe('"[name]"\'s plan');
  });

  it('do not eat parts of other words', () => {
    const scrubber = createScrubber([]);
    for (const name of ['Max', 'Eva', 'Al', 'Jan van der Berg', '']) scrubber.add(name);
    const kept = 'Maximum max Evaluate Medieval Al Jana January Berglund van der Eva_1 evaÉva';
    expect(scrubber.text(kept)).toBe(kept);
    expect(scrubber.text('Max, Eva; Jan and Berg')).toBe('[name], [name]; [name] and [name]');
  });

  it('are forgotten again, each time they were added', () => {
    const scrubber = createScrubber([]);
    const forgetOne = scrubber.add('Eva Malá');
    const forgetTwo = scrubber.add('Eva Veľká');
    forgetOne();
    forgetOne();
    expect(scrubber.text('Eva Malá Veľká')).toBe('[name] Malá [name]');
    forgetTwo();
    expect(scrubber.text('Eva Malá Veľká')).toBe('Eva Malá Veľká');
  });

  it('may hold any character', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3 }), (name) => {
        const scrubber = createScrubber([]);
        scrubber.add(name);
        expect(typeof scrubber.text(`a ${name} b`)).toBe('string');
      }),
    );
  });
});

describe('any text', () => {
  it('gives up none of them, whatever stands around', () => {
    const personal = [
      '+421905123456',
      '0905 123 456',
      'jana@example.org',
      'Bearer abc12345',
      'hunter22',
      'Nováková',
      'sk-abc12345',
    ];
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(...personal),
      fc.constantFrom(
        'authorization:',
        'token=',
        '://',
        '@',
        'https://u:p',
        '-',
        '17',
        '0',
        '2026-11-23',
      ),
    );
    const scrubber = createScrubber(['hunter22']);
    scrubber.add('Jana Nováková');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const scrubbed = scrubber.text(pieces.join(' '));
        for (const secret of [
          '905123456',
          '0905 123',
          'jana@',
          'abc12345',
          'hunter22',
          'Nováková',
        ]) {
          expect(scrubbed).not.toContain(secret);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('of a megabyte is read through, whatever it is made of', () => {
    for (const unit of [
      'a',
      '1',
      '+',
      '-',
      '0905 ',
      'a.',
      '%40',
      '://',
      'sk-',
      'eyJ',
      '(',
      '"',
      '+1 ',
    ]) {
      const long = unit.repeat(1_000_000 / unit.length);
      expect(text(`${long} jana@example.org `)).toMatch(/\[email\] $/);
    }
  });

  it('keeps newlines and tabs, but nothing else that could drive a terminal', () => {
    expect(text('a\n\tb\u001b[2Jc\r\u0007d\u009b')).toBe('a\n\tb[2Jcd');
  });
});
