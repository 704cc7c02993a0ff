// Where a resource is: made under the app's names, made under a name of its own, or already there.
import { type Complaint, complaint } from '../errors.ts'
import type { DescribedResource } from './describe.ts'
import { arnName, checkName, type Named, physicalName, type Target } from './names.ts'
import { flag, flagOf, type Rules, show, text, textOf } from './options.ts'

/** Options that every resource takes. */
export const PLACEMENT_RULES = { existing: flag, physicalName: text } satisfies Rules

export interface Placed {
  readonly physicalName: string
  readonly existing: boolean
}

interface Rule {
  readonly name: RegExp
  readonly allowed: string
  readonly arn: RegExp
  readonly example: string
}

// What AWS itself allows, for names that Goblet does not make. Sources: CreateQueue, CreateTopic, "Bucket naming rules", the ARN formats.
const QUEUE: Rule = {
  name: /^(?=.{1,80}$)[A-Za-z0-9_-]+(\.fifo)?$/,
  allowed: 'Up to 80 letters, digits, - and _ are allowed, and `.fifo` at the end of a FIFO queue.',
  arn: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$/,
  example: 'arn:aws:sqs:us-east-1:123456789012:name',
}
const TOPIC: Rule = {
  name: /^(?=.{1,256}$)[A-Za-z0-9_-]+(\.fifo)?$/,
  allowed: 'Up to 256 letters, digits, - and _ are allowed, and `.fifo` at the end of a FIFO topic.',
  arn: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$/,
  example: 'arn:aws:sns:us-east-1:123456789012:name',
}
function given(limit: number, letter: string, service: string, before: string, allowed: string, least = 1): Rule {
  return {
    name: new RegExp(`^${letter}{${least},${limit}}$`),
    allowed,
    arn: new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${before}${letter}{1,${limit}}$`),
    example: `arn:aws:${service}:us-east-1:123456789012:${before}name`,
  }
}

const GIVEN = {
  queue: QUEUE,
  fifo: {
    ...QUEUE,
    name: /^(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo$/,
    allowed: 'Up to 80 letters, digits, - and _ are allowed, ending with `.fifo`, as the name of a FIFO queue must.',
    arn: /^arn:aws[a-z-]*:sqs:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,75}\.fifo$/,
    example: 'arn:aws:sqs:us-east-1:123456789012:name.fifo',
  },
  topic: TOPIC,
  fifoTopic: {
    ...TOPIC,
    name: /^(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo$/,
    allowed: 'Up to 256 letters, digits, - and _ are allowed, ending with `.fifo`, as the name of a FIFO topic must.',
    arn: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,251}\.fifo$/,
    example: 'arn:aws:sns:us-east-1:123456789012:name.fifo',
  },
  bucket: {
    name: /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    allowed: '3 to 63 lower-case letters, digits, . and - are allowed, beginning and ending with a letter or digit.',
    arn: /^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
    example: 'arn:aws:s3:::name',
  },
  table: given(255, '[A-Za-z0-9_.-]', 'dynamodb', 'table/', 'Letters, digits, _, - and . are allowed, 3 to 255.', 3),
  stream: given(128, '[A-Za-z0-9_.-]', 'kinesis', 'stream/', 'Up to 128 letters, digits, _, - and . are allowed.'),
  bus: given(256, '[/A-Za-z0-9_.-]', 'events', 'event-bus/', 'Up to 256 letters, digits, /, _, - and . are allowed.'),
  secret: given(519, '[A-Za-z0-9/_+=.@-]', 'secretsmanager', 'secret:', 'Letters, digits and /_+=.@- are allowed.'),
  param: given(2048, '[A-Za-z0-9/_.-]', 'ssm', 'parameter/', 'Letters, digits, /, _, - and . are allowed.'),
} satisfies Partial<Record<Named, Rule>>

/** The name on AWS: what was given, or `<app>-<stage>-<name>`. */
export function placed(named: Named, { name, options }: DescribedResource, target: Target): Placed {
  const arn = arnName(name)
  const existing = arn !== undefined || flagOf(options, 'existing')
  const own = textOf(options, 'physicalName', '')
  const known = own !== '' ? own : (arn ?? (existing ? name : undefined))
  return { physicalName: known ?? physicalName(named, name, target), existing }
}

/** Complains of a name that AWS would refuse, whoever made it, and of two names for one resource. */
export function checkPlaced(named: keyof typeof GIVEN, described: DescribedResource, target: Target): Complaint[] {
  const { kind, name, options, where } = described
  const { allowed, example, ...rule }: Rule = GIVEN[named]
  const what = `the ${kind} ${name}`
  const own = options.physicalName
  const bad = (problem: string, mend: string): Complaint[] => [
    complaint('GOBLET_BAD_OPTION', { option: 'physicalName', what, problem, mend }, where),
  ]
  if (arnName(name) !== undefined) {
    if (own !== undefined) return bad('stands beside an ARN', 'Give one of the two: the ARN says the name.')
    const details = { what, name, problem: `is no ARN of a ${kind}`, allowed: `It reads like ${example}.` }
    return rule.arn.test(name) ? [] : [complaint('GOBLET_BAD_NAME', details, where)]
  }
  // What is no text has been complained of already.
  if (own !== undefined) return typeof own !== 'string' || rule.name.test(own) ? [] : bad(`is ${show(own)}`, allowed)
  if (!flagOf(options, 'existing')) return checkName(named, what, name, target, where)
  const details = { what, name, problem: 'is none that AWS gives', allowed }
  return rule.name.test(name) ? [] : [complaint('GOBLET_BAD_NAME', details, where)]
}
