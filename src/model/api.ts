// The front door that all routes share: which one it is, its stage, API keys and usage plan.
import { type Complaint, complaint } from '../errors.ts'
import type { Options } from './describe.ts'
import { domain, toDomain } from './domain.ts'
import type { ApiModel, HttpTriggerModel, UsagePlanModel } from './model.ts'
import {
  isObject,
  numberOf,
  objectOf,
  oneOf,
  type Rule,
  type Rules,
  show,
  textOf,
  texts,
  textsOf,
  whole,
} from './options.ts'

const PLAN_MEND = "It is { rate: 10, burst: 20, quota: { limit: 1000, period: 'day' } }; each part may be left out."

// Source: CreateUsagePlan. A rate may be a fraction.
const PLAN: Readonly<Record<string, Rule>> = {
  rate: (value) =>
    typeof value === 'number' && value > 0
      ? undefined
      : { problem: `is ${show(value)}`, mend: 'It is a number of requests a second.' },
  burst: whole(1, 1_000_000, 'requests'),
  quota: (value) => {
    if (!isObject(value)) return { problem: `is ${show(value)}`, mend: PLAN_MEND }
    return (
      whole(1, 2_000_000_000, 'requests')(value.limit ?? null) ?? oneOf('day', 'week', 'month')(value.period ?? null)
    )
  },
}

const usagePlan: Rule = (value) => {
  if (!isObject(value)) return { problem: `is ${show(value)}`, mend: PLAN_MEND }
  for (const [name, part] of Object.entries(value)) {
    const rule = Object.hasOwn(PLAN, name) ? PLAN[name] : undefined
    if (rule === undefined) return { problem: `has no part \`${name}\``, mend: PLAN_MEND }
    const wrong = rule(part)
    if (wrong !== undefined) return { problem: `has \`${name}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  return undefined
}

/** Options of the front door; a stage may have its own. */
export const API_RULES = {
  api: oneOf('http', 'rest', 'url'),
  // Source: CreateStage.
  apiStage: (value) =>
    typeof value === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(value)
      ? undefined
      : { problem: `is ${show(value)}`, mend: 'It is letters, digits, - and _, at most 128.' },
  usagePlan,
  apiKeys: texts,
  domain,
} satisfies Rules

export const doorOf = (options: Options): ApiModel['door'] =>
  options.api === 'rest' || options.api === 'url' ? options.api : 'http'

/** The front door with every default spelled out, CORS apart. */
export function toApi(options: Options): Omit<ApiModel, 'cors' | 'errorOrigin'> {
  const door = doorOf(options)
  return {
    door,
    stage: textOf(options, 'apiStage', door === 'rest' ? 'api' : '$default'),
    usagePlan: toPlan(options),
    apiKeys: textsOf(options, 'apiKeys'),
    domain: toDomain(options.domain),
  }
}

function toPlan(options: Options): UsagePlanModel | undefined {
  if (options.usagePlan === undefined) return undefined
  const plan = objectOf(options, 'usagePlan')
  const quota = objectOf(plan, 'quota')
  const rate = numberOf(plan, 'rate', undefined)
  const { period } = quota
  return {
    rate,
    // AWS throttles by a bucket of `burst` that fills by `rate`.
    burst: numberOf(plan, 'burst', rate === undefined ? undefined : Math.ceil(rate)),
    quota:
      period === 'day' || period === 'week' || period === 'month'
        ? { limit: numberOf(quota, 'limit', 1), period }
        : undefined,
  }
}

/** Complains of routes and options that the front door cannot serve. */
export function checkDoor(
  api: ApiModel,
  options: Options,
  triggers: readonly HttpTriggerModel[],
  where: Complaint['where'],
): Complaint[] {
  const mend = "Only REST APIs have it: choose `api: 'rest'` on app(…)."
  const ofApp = ['usagePlan', 'apiKeys'].flatMap((option) =>
    options[option] === undefined || api.door === 'rest'
      ? []
      : [
          complaint(
            'GOBLET_BAD_OPTION',
            { option, what: 'the app', problem: `needs a REST API, and \`api\` is '${api.door}'`, mend },
            where,
          ),
        ],
  )
  const stage =
    options.apiStage !== undefined && api.door === 'url'
      ? [
          complaint(
            'GOBLET_BAD_OPTION',
            {
              option: 'apiStage',
              what: 'the app',
              problem: 'names a stage, and function URLs have none',
              mend: 'Remove it.',
            },
            where,
          ),
        ]
      : []
  return [...ofApp, ...stage, ...(api.door === 'url' ? checkUrls(triggers) : [])]
}

// A function URL has one auth type. Source: "Control access to Lambda function URLs".
function checkUrls(triggers: readonly HttpTriggerModel[]): Complaint[] {
  const first = new Map<string, HttpTriggerModel>()
  return triggers.flatMap((one) => {
    const before = first.get(one.function)
    first.set(one.function, before ?? one)
    if (before === undefined || before.auth.kind === one.auth.kind) return []
    const details = one.synthetic
      ? {
          option: 'cors',
          what: one.path,
          problem: 'needs preflights that nobody signs, and the function URL asks for signatures',
          mend: 'Set `cors` on app(…), without a RegExp: then the URL answers preflights itself.',
        }
      : {
          option: 'auth',
          what: `${one.method} ${one.path}`,
          problem: 'differs from that of another route of its function, and a function URL has one for all',
          mend: 'Set `auth` on app(…), or isolate the routes that differ.',
        }
    return [complaint('GOBLET_BAD_OPTION', details, one.where)]
  })
}
