// The readers of an import take whatever they are given: variables, YAML, Python. Nothing hangs, nothing breaks.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the Serverless Framework look like that.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { parseSync } from 'oxc-parser'
import { GobletError } from '../../src/errors.ts'
import { importProject } from '../../src/import/index.ts'
import { folderOf } from '../support/command.ts'
import { rounds } from '../support/rounds.ts'
import { events } from './services/events.ts'
import { rest } from './services/rest.ts'
import { shapes } from './services/shapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'goblet-grammar-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** What variables make of a text, in the environment of the only function. */
function imported(text: string, custom = ''): string {
  const file = join(folder, 'serverless.yml')
  writeFileSync(
    file,
    `service: a\ncustom:\n  map: {a: one, b: {c: two}, list: [x, y]}\n${custom}provider:\n  name: aws\n  runtime: nodejs22.x\n  environment:\n    VALUE: ${JSON.stringify(text)}\n`,
  )
  return importProject(file).made.files['app.ts'] ?? ''
}

const value = (text: string, custom?: string): string | undefined =>
  /VALUE: (.*?)(?: \}(?: \}\))?|),?\n/.exec(imported(text, custom))?.[1]

test('variables nest, fall back, and stay text where they are none', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['${self:custom.map.a}', "'one'"],
    ['${self:custom.map.b.c}-${self:custom.map.list.1}', "'two-y'"],
    ["${self:custom.map.${opt:which, 'a'}}", "'one'"],
    ["${opt:x, opt:y, self:custom.map.z, 'end'}", "'end'"],
    ['${opt:x, ${self:custom.map.b.c}}', "'two'"],
    ["${opt:x, ''}", "''"],
    ['${opt:x, 5}', "'5'"],
    ['${opt:x, "it\'s, {really}"}', '"it\'s, {really}"'],
    ['${sls:stage}${opt:stage}${self:provider.stage}', "'devdevdev'"],
    ['${env:A_B}', "process.env.A_B ?? ''"],
    ["${env:A, 'b'}", "process.env.A ?? 'b'"],
    ["${env:A, env:B, 'c'}", "process.env.A ?? 'c'"],
    ['x${env:A}y', "`x${process.env.A ?? ''}y`"],
    ['${ssm:/aws/reference/secretsmanager/key~true}', "process.env.REFERENCE_SECRETSMANAGER_KEY_TRUE ?? ''"],
    ['${Nothing}', "'${Nothing}'"],
    ['${AWS::Region}', "'${AWS::Region}'"],
    ['${self:custom.map.a', "'${self:custom.map.a'"],
    ['$self:custom', "'$self:custom'"],
    ['\\`${env:A}', "`\\\\\\`${process.env.A ?? ''}`"],
  ]
  for (const [text, expected] of cases) assert.equal(value(text), expected, text)
})

test('values that hold themselves, or grow, come to an end', () => {
  const bomb = Array.from(
    { length: 24 },
    (_, at) => `  b${at}: "\${self:custom.b${at + 1}}\${self:custom.b${at + 1}}"\n`,
  ).join('')
  for (const [text, custom] of [
    ['${self:custom.circle}', '  circle: ${self:custom.circle}\n'],
    ['${self:custom.whole}', '  whole: ${self:custom}\n'],
    ['${self:}', ''],
    ['${self:custom.b0}', `${bomb}  b24: x\n`],
  ] as const) {
    const before = process.cpuUsage()
    imported(text, custom)
    const { user, system } = process.cpuUsage(before)
    assert.ok(user + system < 8_000_000, `${text} took ${(user + system) / 1000} ms`)
  }
})

test('no text makes it hang or break', () => {
  const pieces = [
    '${',
    '}',
    'self:',
    'custom.map',
    '.a',
    ',',
    "'",
    '"',
    '(',
    ')',
    'file',
    'opt:stage',
    ' ',
    ':',
    '${env:X}',
    'a',
    '::',
    '\\',
    '$',
    '{',
    'ssm:/x',
    'param:',
    'sls:',
    'strToBool',
    '!Ref',
    '\n',
    '0',
  ]
  let seed = 1
  const next = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return seed % limit
  }
  for (let round = 0; round < rounds(1500); round++) {
    const text = Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join('')
    try {
      assert.ok(imported(text).includes('app('), text)
    } catch (error) {
      assert.ok(error instanceof GobletError, `${JSON.stringify(text)}: ${error}`)
    }
  }
})

test('no change of its lines makes an import break, or write what is no TypeScript', () => {
  const words = [
    'null',
    '[]',
    '{}',
    '5',
    'true',
    '"x"',
    '!Ref A',
    '[1, {a: b}]',
    '{a: [b]}',
    '${self:custom}',
    '!GetAtt A.B',
    '!Sub "${A.B}-x"',
    '__proto__',
    'constructor',
    'toString',
  ]
  let seed = 3
  const next = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return (seed >> 8) % limit
  }
  const word = (): string => words[next(words.length)] ?? ''
  const services = [...rest, ...events, ...shapes]
  for (let round = 0; round < rounds(400); round++) {
    const lines = (services[round % services.length]?.files['serverless.yml'] ?? '').split('\n')
    const at = next(lines.length)
    const line = lines[at] ?? ''
    const changed = [
      line.replace(/: .*$/, `: ${word()}`),
      line.replace(/[A-Za-z]+:/, `${word()}:`),
      line.replace(/- .*$/, `- ${word()}`),
      '',
      lines[next(lines.length)] ?? '',
    ]
    lines[at] = changed[next(changed.length)] ?? ''
    writeFileSync(join(folder, 'serverless.yml'), lines.join('\n'))
    try {
      const { files } = importProject(join(folder, 'serverless.yml')).made
      for (const [file, text] of Object.entries(files))
        if (file.endsWith('.ts')) assert.deepEqual(parseSync(file, text).errors, [], text)
    } catch (error) {
      assert.ok(error instanceof GobletError, `${lines.join('\n')}\n${error}`)
    }
  }
})

test('what is no configuration is refused with its line', () => {
  for (const [text, place, says] of [
    ['service: a\n  b: c: d\n', 'serverless.yml:1', 'This cannot be imported'],
    ['service: a\nprovider:\n  name: google\n', 'serverless.yml:2', 'Goblet knows AWS'],
    ['- a\n- b\n', 'serverless.yml:1', 'It names no provider'],
    ['', 'serverless.yml:1', 'It names no provider'],
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefgh'
        .split('')
        .map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefg'[at]}`)}]`)
        .join('\n')}\n`,
      'serverless.yml',
      'values, aliases opened',
    ],
  ] as const) {
    writeFileSync(join(folder, 'serverless.yml'), text)
    assert.throws(
      () => importProject(join(folder, 'serverless.yml')),
      (error) => {
        assert.ok(error instanceof GobletError)
        const [complaint] = error.complaints
        assert.equal(complaint?.code, 'GOBLET_BAD_IMPORT')
        assert.ok(`${complaint?.where?.file}:${complaint?.where?.line}`.startsWith(place), JSON.stringify(complaint))
        assert.ok(complaint?.message.includes(says), complaint?.message)
        return true
      },
    )
  }
})

test('no Python makes the reader of app.py hang or break', () => {
  const pieces = [
    '@app.route(',
    "'/a'",
    ')',
    '\n',
    'def x():',
    ' pass',
    '"""',
    "'",
    '"',
    '#',
    '[',
    ']',
    '{',
    '}',
    ':',
    ',',
    'methods=',
    "['GET']",
    'True',
    '5',
    'app.api.cors = ',
    'Rate(5, unit=Rate.MINUTES)',
    '\\',
    '@app.schedule(',
    '@app.on_sqs_message(queue=',
    'os.environ["X"]',
    '=',
  ]
  let seed = 7
  const next = (limit: number): number => {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff
    return seed % limit
  }
  const place = folderOf({ '.chalice/config.json': '{"version": "2.0", "app_name": "a", "stages": {"dev": {}}}' })
  for (let round = 0; round < rounds(1500); round++) {
    writeFileSync(
      join(place, 'app.py'),
      `app = Chalice(app_name='a')\n${Array.from({ length: 1 + next(16) }, () => pieces[next(pieces.length)]).join('')}`,
    )
    assert.ok(importProject(place).made.files['app.ts']?.includes("app('a'"))
  }
  rmSync(place, { recursive: true, force: true })
})
