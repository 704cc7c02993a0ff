// Routes: their patterns, who may call them, and the function that they share unless they are isolated.
import { type Complaint, complaint } from '../../errors.ts'
import { authRule, readAuth } from '../auth.ts'
import { corsRule } from '../cors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { HttpTriggerModel } from '../model.ts'
import { functionName } from '../names.ts'
import {
  callable,
  callables,
  flag,
  flagOf,
  isObject,
  listOf,
  type Rule,
  type Rules,
  refused,
  show,
  text,
  texts,
  validator,
} from '../options.ts'
import { patternProblem, prefixed } from '../pattern.ts'
import { called, groupsOf, type Owner, type Reading } from '../reading.ts'

/** The function of all routes that have none of their own. */
export const SHARED_FUNCTION = 'api'
/** What owns it. */
export const SHARED = 'the routes that share one'

/** What a route and a group take alike. */
export const ROUTE_DEFAULTS = {
  auth: authRule,
  cors: corsRule,
  use: callables,
  onError: callable,
  isolate: flag,
} satisfies Rules

// `type/subtype`, either of which may be `*`; parameters are no part of it.
const mediaType: Rule = (value) =>
  typeof value === 'string' && /^[\w!#$&^.+*-]+\/[\w!#$&^.+*-]+$/.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "A content type reads like 'application/json'." }

// Bodies and answers may be described for each content type or status; what they are is the validator's to say.
const responses: Rule = (value) => {
  if (validator(value) === undefined) return undefined
  const all = isObject(value) && value.$ === undefined ? Object.values(value) : [value]
  return all.map((one) => validator(one)).find((wrong) => wrong !== undefined)
}

const ROUTE_RULES = {
  ...ROUTE_DEFAULTS,
  contentTypes: listOf(mediaType, "It is a list of content types: ['application/json']."),
  scopes: texts,
  apiKey: flag,
  stream: flag,
  body: validator,
  query: validator,
  params: validator,
  headers: validator,
  response: responses,
  summary: text,
  description: text,
  tags: texts,
} satisfies Rules

/** Options of a function, refused where it is shared: they would be a lie for the others. */
export const sharedRules = (what: 'route' | 'group'): Rules => {
  const rule = refused(
    `is an option of a function, and this ${what} shares its function`,
    `Add \`isolate: true\` to give the ${what} its own function, or set it on app(…).`,
  )
  return Object.fromEntries(Object.keys(FUNCTION_RULES).map((option) => [option, rule]))
}

const OF_SHARED: Rules = { ...sharedRules('route'), ...ROUTE_RULES }

// A web app's stage is taken off its paths by itself; this is what else the app does not know.
const basePath: Rule = (value) =>
  typeof value === 'string' && /^\/[^?#\s]*[^/?#\s]$/.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "It is what stands before the app's own paths: '/shop'." }

const { auth, cors, use, onError } = ROUTE_DEFAULTS
const GUARD_RULES = { auth, use, onError, scopes: texts, apiKey: flag, stream: flag } satisfies Rules
const MOUNT_RULES: Rules = { ...FUNCTION_RULES, ...GUARD_RULES, cors, basePath }

// What would come between the event and the handler.
const BETWEEN = ['body', 'query', 'params', 'headers', 'contentTypes']
const notRaw = refused('stands on a raw(…) handler, which gets the event as it is', 'Remove one of the two.')
const RAW_RULES: Rules = {
  ...FUNCTION_RULES,
  ...ROUTE_RULES,
  ...Object.fromEntries(BETWEEN.map((option) => [option, notRaw])),
  // It has a function of its own, whether that is said or not.
  isolate: (value) => (value === true ? undefined : notRaw(value)),
}

export const http = {
  rules: ({ options, mounted, raw }: DescribedFunction): Rules => {
    if (mounted !== undefined) return MOUNT_RULES
    if (raw === true) return RAW_RULES
    return flagOf(options, 'isolate') ? { ...FUNCTION_RULES, ...ROUTE_RULES } : OF_SHARED
  },
  owner: ownerOf,
  read: readRoute,
}

function ownerOf(described: DescribedFunction, reading: Reading): Owner {
  const { mounted, raw, options: own } = described
  if (mounted !== undefined || raw === true || flagOf(own, 'isolate')) return ownFunction(described)
  const group = groupsOf(described, reading).findLast(({ options }) => flagOf(options, 'isolate'))
  if (group === undefined || described.options.isolate === false)
    return { name: SHARED_FUNCTION, identity: SHARED, where: described.where, options: {} }
  const { export: name, options, where } = group
  return { name: functionName(name), identity: `the group ${name}`, where, options }
}

function readRoute(
  described: DescribedFunction,
  name: string,
  reading: Reading,
): { triggers: HttpTriggerModel[]; complaints: Complaint[] } {
  const { where, options } = described
  const prefixes = groupsOf(described, reading).map(({ prefix }) => prefix)
  const patterns = patternsOf(described, reading.door).map((own) => [own, prefixed(prefixes, own)] as const)
  for (const [own, pattern] of patterns) {
    const staged = reading.door === 'rest'
    const problem = patternProblem(own, staged) ?? patternProblem(pattern, staged)
    if (problem !== undefined)
      return { triggers: [], complaints: [complaint('GOBLET_BAD_PATTERN', { pattern, problem }, where)] }
  }
  const { auth, complaints } = readAuth(described, reading)
  const made = {
    kind: 'http',
    function: name,
    export: described.export,
    auth,
    apiKey: flagOf(options, 'apiKey'),
    stream: flagOf(options, 'stream'),
    synthetic: false,
    where,
  } as const
  const triggers = patterns.flatMap(([, pattern]) => {
    const [methods = '', path = ''] = pattern.split(' ')
    return methods.split('|').map((method): HttpTriggerModel => ({ ...made, method, path }))
  })
  return { triggers, complaints: [...complaints, ...checkFeatures(described, reading)] }
}

// A mount has its own path, the same with a slash, and all below: `ANY /shop|/shop/|/shop/{proxy+}`. To a REST API the first two are one.
function patternsOf({ subject, mounted }: DescribedFunction, door: Reading['door']): string[] {
  if (mounted === undefined) return [subject]
  const space = subject.indexOf(' ')
  const paths = subject.slice(space + 1).split('|')
  const kept = paths.filter((path) => door !== 'rest' || path === '/' || !path.endsWith('/'))
  return kept.map((path) => `${subject.slice(0, space)} ${path}`)
}

// Sources: "Choose between REST APIs and HTTP APIs", "Response streaming for Lambda functions".
function checkFeatures(described: DescribedFunction, { door }: Reading): Complaint[] {
  const { options, where } = described
  const bad = (option: string, problem: string, mend: string): Complaint =>
    complaint('GOBLET_BAD_OPTION', { option, what: called(described), problem, mend }, where)
  const complaints: Complaint[] = []
  if (flagOf(options, 'apiKey') && door !== 'rest')
    complaints.push(
      bad(
        'apiKey',
        `needs a REST API, and \`api\` is '${door}'`,
        "Choose `api: 'rest'` on app(…), or check a header in an authorizer(…).",
      ),
    )
  if (flagOf(options, 'stream') && door === 'http')
    complaints.push(
      bad(
        'stream',
        'needs a front door that streams, and HTTP APIs send whole answers',
        "Choose `api: 'rest'` or 'url' on app(…), or remove it.",
      ),
    )
  return complaints
}
