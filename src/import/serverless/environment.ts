// Variables of the environment: texts now, what comes from outside by `process.env`, and what only AWS knows where functions run.
import { type Code, type CodeMap, Raw, raw } from '../code.ts'
import { isStaged, member, type Node, ownOf } from '../node.ts'
import type { Section } from '../section.ts'
import type { Context } from './context.ts'
import { toEnv, toValue, unknownIn } from './references.ts'

// Source: "Reserved environment variables" of Lambda's guide; GOBLET_… is Goblet's.
const RESERVED =
  /^(?:AWS_(?:REGION|DEFAULT_REGION|ACCESS_KEY(?:_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN|LAMBDA_.*|EXECUTION_ENV)|LAMBDA_.*|GOBLET_.*)$/

/** `environment` of the provider or of a function, as `env`. */
export function toEnvironment(section: Section, context: Context): CodeMap | undefined {
  const node = section.take('environment')
  if (node === undefined) return undefined
  const inner = section.pathOf('environment')
  if (node.kind !== 'dict') {
    section.hand('environment', 'is no map of variables.')
    return undefined
  }
  const made: Record<string, Code> = {}
  for (const [name, { value, where }] of node.entries) {
    const subject = `${inner}.${name}`
    if (value.kind === 'scalar' && value.value === null) {
      context.report.noted(where, subject, 'is empty, so it is not set.')
      continue
    }
    if (RESERVED.test(name) || !/^[A-Za-z][A-Za-z0-9_]+$/.test(name)) {
      context.report.hand(where, subject, 'is a name that Lambda or Goblet keeps, or that Lambda refuses.')
      continue
    }
    const found = toValue(value, context)
    if (found === undefined) {
      context.report.hand(
        where,
        subject,
        `${whyNot(value, context)}: it is \`process.env.${name}\` when the app is built.`,
      )
      made[name] = raw(toEnv({ says: '', env: name, fallback: undefined }))
    } else if (found.late) keepLate(name, found.code, { where, subject }, context)
    else {
      made[name] = found.code
      if (found.code instanceof Raw) tellOutside(value, { where, subject }, context)
      else if (isStaged(value) && inner !== 'provider.environment')
        context.report.hand(
          where,
          subject,
          `depends on the stage; \`${String(found.code)}\`, the value for ${context.stage}, was written for all. \`stages\` of app(…) sets variables of a stage.`,
        )
    }
  }
  return Object.keys(made).length === 0 ? undefined : made
}

interface At {
  readonly where: Section['where']
  readonly subject: string
}

function whyNot(value: Node, context: Context): string {
  const unknown = unknownIn(value, context)
  return unknown === undefined
    ? 'has a value that only CloudFormation works out'
    : `refers to ${unknown}, for which there is no handle`
}

function keepLate(name: string, code: Code, { where, subject }: At, { late, report }: Context): void {
  const text = code instanceof Raw ? code.text : ''
  const before = late.get(name)
  if (before !== undefined && before !== text) {
    report.hand(
      where,
      subject,
      `has another value in another function, and is set for all alike: \`${before}\` was kept.`,
    )
    return
  }
  late.set(name, text)
  report.noted(
    where,
    subject,
    `is known only where the function runs: resources.ts sets it from \`${text}\`. New code uses the handle itself.`,
  )
}

function tellOutside(value: Node, { where, subject }: At, { report }: Context): void {
  const parts = value.kind === 'open' ? value.parts.filter((part) => typeof part !== 'string') : []
  for (const { says, env, fallback } of parts) {
    const kind = /^\$\{(\w+)/.exec(says)?.[1] ?? ''
    const otherwise = fallback === undefined ? '' : ` (else ${JSON.stringify(fallback)})`
    if (kind === 'env')
      report.noted(where, subject, `is \`process.env.${env}\`${otherwise} when the app is built, as \`${says}\` was.`)
    else
      report.hand(
        where,
        subject,
        `\`${says}\` cannot be read beforehand: it is \`process.env.${env}\`${otherwise} when the app is built.${ownOf(ADVICE, kind) ?? ''}`,
      )
  }
  if (parts.length === 0)
    report.hand(
      where,
      subject,
      'holds the number of the account: it is taken from `process.env.ACCOUNT_ID` when the app is built.',
    )
}

const ADVICE: Readonly<Record<string, string>> = {
  ssm: " A handler can ask for it instead: `param('…', { existing: true }).value()`.",
  cf: ' It is an output of another stack.',
}

/** What a stage has other than the one that was imported. */
export function differing(base: CodeMap | undefined, other: Node | undefined, context: Context): CodeMap | undefined {
  if (other?.kind !== 'dict') return undefined
  const made: Record<string, Code> = {}
  for (const name of other.entries.keys()) {
    const found = toValue(member(other, name), context)
    if (found === undefined || found.late || found.code instanceof Raw || typeof found.code !== 'string') continue
    if (base?.[name] !== found.code) made[name] = found.code
  }
  return Object.keys(made).length === 0 ? undefined : made
}
