// What things are called on AWS, and whether AWS allows it.
import { type Complaint, complaint, type Where } from '../errors.ts'
import { capitalized } from './options.ts'

/** Where an app is going: its names carry the stage, its buckets the account and region too. */
export interface Target {
  readonly app: string
  readonly stage: string
  readonly account: string
  readonly region: string
}

interface Rule {
  /** What a name may look like. */
  readonly pattern: RegExp
  readonly limit: number
  readonly allowed: string
  readonly suffix: (target: Target) => string
}

const named = (limit: number, pattern: RegExp, allowed: string): Rule => ({ pattern, limit, allowed, suffix: () => '' })

// Sources: the CreateFunction, CreateQueue and "Bucket naming rules" pages of AWS's documentation.
const RULES = {
  function: {
    pattern: /^[A-Za-z0-9_-]+$/,
    limit: 64,
    allowed: 'Letters, digits, - and _ are allowed.',
    suffix: () => '',
  },
  queue: { pattern: /^[A-Za-z0-9_-]+$/, limit: 80, allowed: 'Letters, digits, - and _ are allowed.', suffix: () => '' },
  fifo: {
    pattern: /^[A-Za-z0-9_-]+$/,
    limit: 80,
    allowed: 'Letters, digits, - and _ are allowed; Goblet adds `.fifo`.',
    suffix: () => '.fifo',
  },
  // Source: CreateTopic. The limit counts `.fifo`.
  topic: {
    pattern: /^[A-Za-z0-9_-]+$/,
    limit: 256,
    allowed: 'Letters, digits, - and _ are allowed.',
    suffix: () => '',
  },
  fifoTopic: {
    pattern: /^[A-Za-z0-9_-]+$/,
    limit: 256,
    allowed: 'Letters, digits, - and _ are allowed; Goblet adds `.fifo`.',
    suffix: () => '.fifo',
  },
  bucket: {
    pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    limit: 63,
    allowed: 'Lower-case letters, digits and - are allowed.',
    suffix: ({ account, region }) => `-${account}-${region}`,
  },
  // Sources: CreateTable, CreateStream, CreateEventBus, CreateSecret, PutParameter.
  table: named(255, /^[A-Za-z0-9_.-]+$/, 'Letters, digits, _, - and . are allowed.'),
  stream: named(128, /^[A-Za-z0-9_.-]+$/, 'Letters, digits, _, - and . are allowed.'),
  bus: named(256, /^[A-Za-z0-9_.-]+$/, 'Letters, digits, _, - and . are allowed.'),
  // Source: CreateApi. Nobody but people goes by it.
  websocket: named(128, /^[A-Za-z0-9_.-]+$/, 'Letters, digits, _, - and . are allowed.'),
  secret: named(512, /^[A-Za-z0-9/_+=.@-]+$/, 'Letters, digits and /_+=.@- are allowed.'),
  param: named(
    1011,
    /^[A-Za-z0-9_.-]+$/,
    'Letters, digits, _, - and . are allowed; a path needs `existing` or `physicalName`.',
  ),
} satisfies Record<string, Rule>

export type Named = keyof typeof RULES

/** What `<app>-<stage>-` is for a target: the beginning of all its names. */
export const prefix = ({ app, stage }: Target): string => `${app}-${stage}-`

/** The name on AWS of what is declared as `name`. */
export const physicalName = (named: Named, name: string, target: Target): string =>
  prefix(target) + name + RULES[named].suffix(target)

/** What the function of an export is called: `admin.list`, the member of a group, is `admin-list`. */
export const functionName = (identity: string): string => identity.replaceAll('.', '-')

/** A folder's or a package's name as the name of an app: what AWS allows at the beginning of its names. */
export function toAppName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 20)
    .replace(/-+$/, '')
  return name === '' ? 'app' : name
}

/** Complains of a name that AWS would refuse. */
export function checkName(named: Named, what: string, name: string, target: Target, where: Where): Complaint[] {
  const { pattern, limit, allowed } = RULES[named]
  if (!pattern.test(name))
    return [complaint('GOBLET_BAD_NAME', { what, name, problem: 'has characters that AWS refuses', allowed }, where)]
  const physical = physicalName(named, name, target)
  if (physical.length <= limit) return []
  const details = { what: capitalized(what), name: physical, length: physical.length, limit }
  return [complaint('GOBLET_NAME_TOO_LONG', details, where)]
}

/** Complains of an app's or a stage's own name: it begins every name, bucket names among them. */
export function checkPrefix({ app, stage }: Target, where: Where): Complaint[] {
  const allowed = 'Lower-case letters, digits and - are allowed, beginning with a letter.'
  const bad = (what: string, name: string): Complaint[] =>
    /^[a-z][a-z0-9-]*$/.test(name)
      ? []
      : [complaint('GOBLET_BAD_NAME', { what, name, problem: 'cannot begin names on AWS', allowed }, where)]
  return [...bad('the app', app), ...bad('the stage', stage)]
}

/** The name in an ARN, or undefined for what is no ARN. A parameter whose name is a path begins with its slash. */
export function arnName(text: string): string | undefined {
  if (!text.startsWith('arn:')) return undefined
  const last = text.slice(text.lastIndexOf(':') + 1)
  if (/^parameter\/[^/]+\//.test(last)) return last.slice('parameter'.length)
  return last.replace(/^(?:table|stream|event-bus|parameter)\//, '')
}
