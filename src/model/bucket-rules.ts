// A bucket's CORS and lifecycle, as rules with every default spelled out.
import type { Options, Plain } from './describe.ts'
import {
  isObject,
  listOf,
  numberOf,
  oneOf,
  type Rule,
  type Rules,
  show,
  text,
  textOf,
  texts,
  textsOf,
  whole,
} from './options.ts'
import type { BucketCorsModel, BucketLifecycleModel } from './resources.ts'

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD']

// Source: PutBucketCors.
const CORS_MEND =
  "It is true, or one rule or a list of them: { origins: 'https://example.com', methods: ['GET', 'PUT'] }."
const origin: Rule = (value) =>
  typeof value === 'string' && value.split('*').length <= 2
    ? undefined
    : { problem: `is ${show(value)}`, mend: "An origin is a text with at most one *: 'https://*.example.com', or '*'." }

const CORS_PARTS = {
  origins: (value) => listOf(origin, CORS_MEND)(typeof value === 'string' ? [value] : value),
  methods: listOf(oneOf(...METHODS), `It is a list of ${METHODS.join(', ')}.`),
  headers: texts,
  expose: texts,
  maxAge: whole(0, 2_147_483_647, 'seconds'),
} satisfies Rules

// Source: PutBucketLifecycleConfiguration.
const LIFECYCLE_MEND = "It is one rule or a list of them: { prefix: 'tmp/', expireDays: 7 }."
const days = whole(1, 2_147_483_647, 'days')
const ACTIONS = ['expireDays', 'noncurrentDays', 'abortUploadsDays']
const LIFECYCLE_PARTS = { prefix: text, expireDays: days, noncurrentDays: days, abortUploadsDays: days } satisfies Rules

const listed = (value: Plain): readonly Plain[] => (Array.isArray(value) ? value : [value])

const rule =
  (parts: Rules, mend: string): Rule =>
  (value) => {
    if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
    for (const [name, part] of Object.entries(value)) {
      const known = Object.hasOwn(parts, name) ? parts[name] : undefined
      if (known === undefined) return { problem: `has no part \`${name}\``, mend }
      const wrong = known(part)
      if (wrong !== undefined) return { problem: `has \`${name}\`, which ${wrong.problem}`, mend: wrong.mend }
    }
    return undefined
  }

const each = (parts: Rules, mend: string, value: Plain): ReturnType<Rule> =>
  listed(value).flatMap((one) => rule(parts, mend)(one) ?? [])[0]

export const corsRules: Rule = (value) => (typeof value === 'boolean' ? undefined : each(CORS_PARTS, CORS_MEND, value))

export const lifecycleRules: Rule = (value) => {
  const wrong = each(LIFECYCLE_PARTS, LIFECYCLE_MEND, value)
  if (wrong !== undefined) return wrong
  const idle = listed(value).some((one) => isObject(one) && !ACTIONS.some((name) => one[name] !== undefined))
  return idle ? { problem: 'has a rule that does nothing', mend: `Give each one of ${ACTIONS.join(', ')}.` } : undefined
}

const rulesOf = (value: Plain | undefined): Options[] => (value === undefined ? [] : listed(value).filter(isObject))

/** `true` lets every page read and write; what a caller may do is still for signatures to say. */
export function corsOf({ cors }: Options): BucketCorsModel[] {
  const given = cors === true ? [{}] : rulesOf(cors)
  return given.map((one: Options) => ({
    origins: one.origins === undefined ? ['*'] : textsOf(one, 'origins'),
    methods: one.methods === undefined ? METHODS : textsOf(one, 'methods'),
    headers: one.headers === undefined ? ['*'] : textsOf(one, 'headers'),
    expose: one.expose === undefined ? ['ETag'] : textsOf(one, 'expose'),
    maxAge: numberOf(one, 'maxAge', undefined),
  }))
}

export const lifecycleOf = ({ lifecycle }: Options): BucketLifecycleModel[] =>
  rulesOf(lifecycle).map((one) => ({
    prefix: textOf(one, 'prefix', ''),
    expireDays: numberOf(one, 'expireDays', undefined),
    noncurrentDays: numberOf(one, 'noncurrentDays', undefined),
    abortUploadsDays: numberOf(one, 'abortUploadsDays', undefined),
  }))
