// A Chalice project: .chalice/config.json becomes the options, app.py the declarations.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { nearest } from '../../errors.ts'
import type { Code } from '../code.ts'
import { Draft } from '../draft.ts'
import { ownOf } from '../node.ts'
import { type Finding, Report } from '../report.ts'
import { tsconfig } from '../setting.ts'
import { readConfig } from './config.ts'
import { corsOf, DECORATORS, declare, type Reading } from './declarations.ts'
import { readModule, type Statement, type Value } from './python.ts'

/** What an import of a Chalice project gives. */
export function importChalice(
  folder: string,
  stage?: string,
): { files: Record<string, string>; findings: readonly Finding[]; title: string } {
  const report = new Report()
  const config = readConfig(folder, stage, report)
  const draft = new Draft()
  const source = join(folder, 'app.py')
  const statements = existsSync(source) ? readModule(readFileSync(source, 'utf8')) : []
  if (statements.length === 0) report.hand({ file: 'app.py', line: 1 }, 'app.py', 'is not there, or declares nothing.')
  const object = statements.find(isApp)?.subject ?? 'app'
  const constants = new Map(statements.flatMap(constantOf))
  const reading: Reading = { draft, report, constants, options: config.options, handles: new Map() }
  const taken = nameAll(statements, object, reading)
  const own = statements.flatMap((one) => optionOf(one, object, report))
  const isRest = statements.some(({ kind, subject }) => kind === 'decorator' && subject === `${object}.route`)
  for (const statement of statements) if (isDeclaration(statement, object)) declare(statement, reading, taken)
  const { apiStage, compress, stages, ...rest } = config.app
  draft.app(config.name, {
    ...rest,
    ...(isRest ? { api: 'rest', apiStage } : {}),
    compress,
    ...Object.fromEntries(own),
    stages,
  })
  const title = `${config.name}, from a Chalice project`
  const head = `// ${title}: routes and handlers stand here with their options, to be written in TypeScript. goblet-import.md tells the rest.`
  const files = draft.toFiles(head)
  return {
    files: existsSync(join(folder, 'tsconfig.json')) ? files : { ...files, 'tsconfig.json': tsconfig },
    findings: report.findings,
    title,
  }
}

const isApp = ({ kind, value }: Statement): boolean =>
  kind === 'assignment' && value?.kind === 'call' && /^(?:chalice\.)?Chalice$/.test(value.name)

const isDeclaration = ({ kind, subject }: Statement, object: string): boolean =>
  kind === 'decorator' &&
  subject.startsWith(`${object}.`) &&
  ownOf(DECORATORS, subject.slice(object.length + 1)) !== undefined

function constantOf({ kind, subject, value }: Statement): [string, Value][] {
  return kind === 'assignment' && value !== undefined && value.kind !== 'name' && /^\w+$/.test(subject)
    ? [[subject, value]]
    : []
}

// Authorizers are named by routes that may stand above them.
function nameAll(
  statements: readonly Statement[],
  object: string,
  { draft, handles, report }: Reading,
): Map<string, string> {
  const taken = new Map<string, string>()
  for (const { kind, subject, function: made, line } of statements) {
    if (kind !== 'decorator' || made === undefined) continue
    const [of = '', word = ''] = subject.split('.')
    if (of === object && word === 'authorizer') {
      const local = draft.name(made)
      taken.set(`authorizer ${made}`, local)
      handles.set(made, local)
    } else if (of === object && word === 'middleware')
      report.hand(
        { file: 'app.py', line },
        `@${subject} ${made}`,
        'is a middleware: write it as `use: [async (input, next) => next()]` of app(…).',
      )
    else if (of !== object && ownOf(DECORATORS, word) !== undefined)
      report.hand(
        { file: 'app.py', line },
        `@${subject} ${made}`,
        'belongs to a blueprint: declare it by hand, in a `group(prefix, routes)`.',
      )
    else if (of === object && ownOf(DECORATORS, word) === undefined)
      report.hand(
        { file: 'app.py', line },
        `@${subject} ${made}`,
        `is no decorator of Chalice that is known here.${didYouMean(word)}`,
      )
  }
  return taken
}

function didYouMean(word: string): string {
  const near = nearest(word, Object.keys(DECORATORS))
  return near === undefined ? '' : ` Did you mean \`${near}\`?`
}

/** What the module sets on the app, as options of the app. */
function optionOf({ kind, subject, value, line }: Statement, object: string, report: Report): [string, Code][] {
  const where = { file: 'app.py', line }
  if (kind === 'call' && subject === `${object}.register_blueprint`) {
    report.hand(
      where,
      subject,
      'takes declarations of another file: import that one by hand, as a `group(prefix, routes)`.',
    )
    return []
  }
  if (kind !== 'assignment' || !subject.startsWith(`${object}.`)) return []
  const name = subject.slice(object.length + 1)
  if (name === 'debug' && value?.kind === 'flag') return value.value ? [['debug', true]] : []
  const cors = name === 'api.cors' && value !== undefined ? corsOf(value) : undefined
  if (cors !== undefined) return [['cors', cors]]
  const note = ownOf(NOTES, name)
  if (note !== undefined) report.noted(where, subject, note)
  else report.hand(where, subject, 'is set when the module loads, and was not taken over.')
  return []
}

const NOTES: Readonly<Record<string, string>> = {
  'websocket_api.session': 'is not needed: handles send by themselves.',
  'api.binary_types': 'is not needed: every answer may be binary.',
}
