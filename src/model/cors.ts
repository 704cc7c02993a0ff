// CORS: who applies it, the gateway or the runtime, and what in an app's settings contradicts itself.
import { type Complaint, complaint, toPlace, type Where } from '../errors.ts'
import type { DescribedFunction, Options, Plain } from './describe.ts'
import type { ApiModel, CorsModel, HttpTriggerModel } from './model.ts'
import { flag, flagOf, isObject, type Rule, show, texts, textsOf, whole } from './options.ts'
import { shapeOf } from './pattern.ts'
import { called, type Inherited, inherited, type Reading } from './reading.ts'

// What browsers ask for most; `*` would not cover Authorization (Fetch standard, "CORS non-wildcard request-header name").
const HEADERS = ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Api-Key']

const MEND = "It is true, false, or { origins: 'https://example.com', headers, expose, credentials, maxAge }."

// Source: "Configuring CORS for HTTP APIs"; 86,400 seconds is the most that API Gateway and function URLs take.
const PARTS: Readonly<Record<string, Rule>> = {
  origins: (value) => {
    const all: readonly Plain[] = Array.isArray(value) ? value : [value]
    const bad = all.find((one) => !isOrigin(one))
    if (all.length > 0 && bad === undefined) return undefined
    return {
      problem: `holds ${show(bad ?? [])}`,
      mend: "An origin is a scheme, a host and perhaps a port ('https://example.com', no path), a RegExp, or '*' alone.",
    }
  },
  headers: texts,
  expose: texts,
  credentials: flag,
  maxAge: whole(0, 86_400, 'seconds'),
}

const isOrigin = (value: Plain): boolean =>
  typeof value === 'string' ? value === '*' || ORIGIN.test(value) : isPattern(value)

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\s]+$/i
const isPattern = (value: Plain): boolean => isObject(value) && value.$ === 'pattern'

export const corsRule: Rule = (value) => {
  if (typeof value === 'boolean') return undefined
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend: MEND }
  for (const [name, part] of Object.entries(value)) {
    const rule = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined
    if (rule === undefined) return { problem: `has no part \`${name}\``, mend: MEND }
    const wrong = rule(part)
    if (wrong !== undefined) return { problem: `has \`${name}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  const { origins } = toCors(value, [])
  if (origins.includes('*') && origins.length > 1)
    return {
      problem: "allows '*' beside other origins",
      mend: "'*' allows every origin: name it alone, or leave it out.",
    }
  if (origins.includes('*') && flagOf(value, 'credentials'))
    return {
      problem: 'allows credentials to every origin',
      mend: 'Browsers refuse `*` with credentials: name the origins, or a RegExp that they match.',
    }
  return undefined
}

function toCors(value: Plain, methods: readonly string[]): CorsModel {
  const given: Options = isObject(value) ? value : {}
  const listed: readonly Plain[] = Array.isArray(given.origins) ? given.origins : [given.origins ?? '*']
  return {
    origins: listed.filter((one) => typeof one === 'string'),
    patterns: listed.some(isPattern),
    methods,
    headers: given.headers === undefined ? HEADERS : textsOf(given, 'headers'),
    expose: textsOf(given, 'expose'),
    credentials: flagOf(given, 'credentials'),
    maxAge: typeof given.maxAge === 'number' ? given.maxAge : undefined,
  }
}

/** A declared route, the endpoints that it makes, and what holds for it. */
interface Endpoint {
  readonly described: DescribedFunction
  readonly triggers: readonly HttpTriggerModel[]
  readonly found: Inherited | undefined
}

export interface SettledCors {
  readonly api: Pick<ApiModel, 'cors' | 'errorOrigin'>
  /** OPTIONS routes that the runtime answers. */
  readonly triggers: readonly HttpTriggerModel[]
  readonly complaints: readonly Complaint[]
}

/** Decides who applies CORS. `triggers` are all endpoints of the app. */
export function settleCors(
  routes: readonly DescribedFunction[],
  triggers: readonly HttpTriggerModel[],
  reading: Reading,
): SettledCors {
  const endpoints = routes.map((described): Endpoint => {
    const own = triggers.filter((one) => one.export === described.export)
    return { described, triggers: own, found: inherited(described, 'cors', reading) }
  })
  const ofApp = reading.app.cors ?? false
  const isOn = ofApp !== false && corsRule(ofApp) === undefined
  if (isOn && reading.door !== 'rest' && !toCors(ofApp, []).patterns)
    return {
      api: { cors: toCors(ofApp, methodsOf(triggers)), errorOrigin: undefined },
      triggers: [],
      complaints: endpoints.flatMap((one) => checkGateway(one, ofApp)),
    }
  const used = endpoints.filter(({ found }) => found !== undefined && found.value !== false)
  const origin = reading.door === 'rest' ? errorOrigin(used) : undefined
  return { api: { cors: undefined, errorOrigin: origin }, ...preflights(used, endpoints) }
}

const methodsOf = (triggers: readonly HttpTriggerModel[]): string[] => {
  const methods = [...new Set(triggers.map(({ method }) => method))]
  return methods.includes('ANY') ? ['*'] : methods
}

// The gateway sets its headers on every answer and drops those of functions, so a route cannot differ.
function checkGateway({ described, triggers, found }: Endpoint, ofApp: Plain): Complaint[] {
  const { where } = described
  if (found !== undefined && found.level !== 'app' && !isSame(found.value, ofApp)) {
    const problem = `differs from the app's, which the gateway applies to every route`
    const mend = "Remove `cors` here, or from app(…) and set it on each route or group; `api: 'rest'` allows both."
    return [complaint('GOBLET_BAD_OPTION', { option: 'cors', what: called(described), problem, mend }, where)]
  }
  const own = triggers.find(({ method }) => method === 'OPTIONS')
  return own === undefined ? [] : [ownPreflight(own)]
}

const ownPreflight = ({ path, where }: HttpTriggerModel): Complaint =>
  complaint(
    'GOBLET_BAD_OPTION',
    {
      option: 'cors',
      what: `OPTIONS ${path}`,
      problem: 'holds for this path, so its preflights are answered already',
      mend: 'Remove this route, or set `cors: false` on the others of its path and answer preflights yourself.',
    },
    where,
  )

const isSame = (left: Plain, right: Plain): boolean =>
  left === right ||
  (left !== false && right !== false && JSON.stringify(toCors(left, [])) === JSON.stringify(toCors(right, [])))

// A REST API's own answers carry one fixed origin. They hold nothing but "Forbidden" and the like, and `*` never goes with credentials.
function errorOrigin(used: readonly Endpoint[]): string | undefined {
  const all = used.map(({ found }) => toCors(found?.value ?? false, []))
  if (all.length === 0) return undefined
  const origins = new Set(all.flatMap((one) => (one.patterns ? ['*'] : one.origins)))
  const [only] = origins
  return origins.size === 1 ? only : '*'
}

// One OPTIONS route for every path whose routes have CORS; on one path they must agree.
function preflights(
  used: readonly Endpoint[],
  all: readonly Endpoint[],
): { triggers: HttpTriggerModel[]; complaints: Complaint[] } {
  const complaints: Complaint[] = []
  const byShape = new Map<string, { value: Plain; where: Where; trigger: HttpTriggerModel }>()
  for (const { described, triggers, found } of used) {
    const value = found?.value ?? false
    for (const trigger of triggers.filter(({ method }) => method !== 'OPTIONS')) {
      const shape = shapeOf(trigger.path)
      const first = byShape.get(shape)
      if (first === undefined) byShape.set(shape, { value, where: described.where, trigger })
      else if (!isSame(first.value, value)) complaints.push(twoSettings(described, trigger, first.where))
    }
  }
  for (const own of all.flatMap(({ triggers }) => triggers)) {
    if (own.method === 'OPTIONS' && byShape.has(shapeOf(own.path))) complaints.push(ownPreflight(own))
  }
  const made = [...byShape.values()].map(
    ({ trigger }): HttpTriggerModel => ({
      ...trigger,
      method: 'OPTIONS',
      auth: { kind: 'none' },
      apiKey: false,
      stream: false,
      synthetic: true,
    }),
  )
  return { triggers: made, complaints }
}

function twoSettings(described: DescribedFunction, { path }: HttpTriggerModel, first: Where): Complaint {
  const problem = `differs from that of another route of ${path}, at ${toPlace(first)}; a preflight asks about the path, whatever the method`
  const mend = 'Give all routes of a path the same `cors`; a group does so at once.'
  return complaint('GOBLET_BAD_OPTION', { option: 'cors', what: called(described), problem, mend }, described.where)
}
