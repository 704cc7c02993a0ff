// WebSocket APIs and their routes, each a function of its own.
import { type Complaint, complaint, toPlace, type Where } from '../../errors.ts'
import { authRule, toWebsocketAuth } from '../auth.ts'
import type { DescribedFunction, DescribedResource } from '../describe.ts'
import { domainByStage, domainOfStage } from '../domain.ts'
import { websocketVariable } from '../environment.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { AuthModel, TriggerModel, WebsocketTriggerModel } from '../model.ts'
import { checkName, type Target } from '../names.ts'
import { flag, flagOf, type Rule, type Rules, show, text, textOf, validator } from '../options.ts'
import { placed } from '../placement.ts'
import { called, type Reading } from '../reading.ts'
import type { ResourceModel, WebsocketModel } from '../resources.ts'

// Source: "WebSocket API selection expressions": a variable of the body, or several with text between them.
const EXPRESSION =
  /^(?:\$request\.body(?:\.[^.\s${}]+)+|[^${}]*\$\{request\.body(?:\.[^.\s${}]+)+\}(?:[^${}]|\$\{request\.body(?:\.[^.\s${}]+)+\})*)$/

const select: Rule = (value) =>
  typeof value === 'string' && EXPRESSION.test(value)
    ? undefined
    : {
        problem: `is ${show(value)}`,
        // biome-ignore lint/suspicious/noTemplateCurlyInString: AWS's own grammar looks like that.
        mend: "It names a part of the message, '$request.body.action', or several: '${request.body.room}/${request.body.action}'.",
      }

// Source: CreateStage.
const apiStage: Rule = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9_-]{1,128}$/.test(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: 'It is letters, digits, - and _, at most 128.' }

const WEBSOCKET_RULES = {
  existing: flag,
  physicalName: text,
  select,
  apiStage,
  auth: authRule,
  domain: domainByStage,
} satisfies Rules

const MESSAGE_RULES = { ...FUNCTION_RULES, body: validator } satisfies Rules
// The factory puts the route there.
const ROUTE_RULES = { ...MESSAGE_RULES, route: text } satisfies Rules
const RULES: Readonly<Record<string, Rules>> = { on: ROUTE_RULES, onDefault: MESSAGE_RULES }

const PREDEFINED: Readonly<Record<string, string>> = {
  onConnect: '$connect',
  onDisconnect: '$disconnect',
  onDefault: '$default',
}

const METHODS = new Map(Object.entries(PREDEFINED).map(([method, route]) => [route, method]))

export const websocket = {
  rules: ({ subject }: DescribedFunction): Rules => RULES[subject] ?? FUNCTION_RULES,
  owner: ownFunction,
  read: (
    described: DescribedFunction,
    name: string,
  ): { triggers: WebsocketTriggerModel[]; complaints: Complaint[] } => {
    const { subject, options, where } = described
    const route = PREDEFINED[subject] ?? textOf(options, 'route', '')
    const trigger: WebsocketTriggerModel = {
      kind: 'websocket',
      function: name,
      export: described.export,
      websocket: described.source?.name ?? '',
      route,
      auth: { kind: 'none' },
      where,
    }
    const problem = subject === 'on' ? routeProblem(route) : undefined
    return {
      triggers: [trigger],
      complaints:
        problem === undefined
          ? []
          : [complaint('GOBLET_BAD_NAME', { what: called(described), name: route, ...problem }, where)],
    }
  },
}

// Source: CreateRoute, whose route keys have 1 to 128 characters.
function routeProblem(route: string): { problem: string; allowed: string } | undefined {
  const method = METHODS.get(route)
  if (method !== undefined) return { problem: "is a route of AWS's own", allowed: `Write .${method}(…) for it.` }
  const allowed = 'A route is what the messages say, 1 to 128 characters: sendMessage.'
  if (route === '') return { problem: 'is empty', allowed }
  return route.length > 128 ? { problem: `has ${route.length} characters`, allowed } : undefined
}

export const websocketResource = {
  rules: (): Rules => WEBSOCKET_RULES,
  read: (described: DescribedResource, target: Target): { made: WebsocketModel; complaints: Complaint[] } => {
    const { name, options, where } = described
    const existing = flagOf(options, 'existing')
    const made: WebsocketModel = {
      kind: 'websocket',
      export: described.export,
      name,
      physicalName: placed('websocket', described, target).physicalName,
      existing,
      apiId: existing ? name : toId(`${target.app}/${target.stage}/${name}`),
      stage: textOf(options, 'apiStage', target.stage),
      select: textOf(options, 'select', '$request.body.action'),
      domain: domainOfStage(options.domain, target.stage),
      where,
    }
    const what = `the websocket ${name}`
    if (!existing) return { made, complaints: checkName('websocket', what, name, target, where) }
    const allowed = "One that is already there is named by its id, the first part of its URL's host: abcdef1234."
    const bad = complaint('GOBLET_BAD_NAME', { what, name, problem: 'is no id of an API', allowed }, where)
    return { made, complaints: /^[a-z0-9]{1,32}$/.test(name) ? [] : [bad] }
  },
}

/** Ten lower-case letters and digits, as AWS's ids are, that stay the same as long as the text does. */
function toId(text: string): string {
  return [0x811c9dc5, 0x2545f491].map((seed) => toPart(seed, text)).join('')
}

// FNV-1a, then a last mixing: texts that end alike shall not.
function toPart(seed: number, text: string): string {
  let hash = seed
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return ((hash ^ (hash >>> 15)) >>> 0).toString(36).padStart(5, '0').slice(-5)
}

interface Given {
  readonly described: readonly DescribedResource[]
  readonly resources: readonly ResourceModel[]
  readonly triggers: readonly TriggerModel[]
  readonly reading: Reading
}

/** Gives `$connect` what its API says of `auth`; complains of what does not fit together. */
export function settleWebsockets({ described, resources, triggers, reading }: Given): {
  triggers: TriggerModel[]
  complaints: Complaint[]
} {
  const apis = resources.filter((one) => one.kind === 'websocket')
  const routes = triggers.filter((one) => one.kind === 'websocket')
  const complaints = [...checkVariables(apis), ...routes.flatMap((one) => checkSource(one, apis))]
  const guards = new Map<string, AuthModel>()
  for (const api of apis) {
    const own = routes.filter((one) => one.websocket === api.name)
    const asked = described.find((one) => one.kind === 'websocket' && one.name === api.name)
    const { auth, complaints: wrong } = toWebsocketAuth(asked?.options.auth, api, reading)
    guards.set(api.name, auth)
    complaints.push(...wrong, ...checkApi(api, own), ...checkTwice(api, own))
    if (auth.kind !== 'none' && !own.some(({ route }) => route === '$connect')) complaints.push(unguarded(api))
  }
  const guarded = triggers.map((one) => {
    if (one.kind !== 'websocket' || one.route !== '$connect') return one
    return { ...one, auth: guards.get(one.websocket) ?? one.auth }
  })
  return { triggers: guarded, complaints }
}

const MOST_ROUTES = 300

// Sources: "Quotas for configuring and running a WebSocket API"; CreateDeployment, which refuses an API that has no routes.
function checkApi({ name, existing, where }: WebsocketModel, routes: readonly WebsocketTriggerModel[]): Complaint[] {
  const bad = (option: string, problem: string, mend: string): Complaint[] => [
    complaint('GOBLET_BAD_OPTION', { option, what: `the websocket ${name}`, problem, mend }, where),
  ]
  const [first] = routes
  if (existing)
    return first === undefined
      ? []
      : bad(
          'existing',
          `leaves its routes to somebody else, and ${first.export} is one of them`,
          'Remove `existing` and name it anew, or only send to it.',
        )
  if (first === undefined)
    return bad('on', 'is never called, and AWS deploys no API without a route', 'Declare one: `.onDefault(…)`.')
  const mend = 'Give some of the messages to one route, which tells them apart itself.'
  return routes.length > MOST_ROUTES
    ? bad('on', `gives it ${routes.length} routes, where AWS allows ${MOST_ROUTES}`, mend)
    : []
}

function checkTwice({ name }: WebsocketModel, routes: readonly WebsocketTriggerModel[]): Complaint[] {
  const seen = new Map<string, Where>()
  return routes.flatMap(({ route, where }) => {
    const first = seen.get(route)
    if (first === undefined) seen.set(route, where)
    const details = { route: `${route} of the websocket ${name}`, first: first === undefined ? '' : toPlace(first) }
    return first === undefined ? [] : [complaint('GOBLET_DUPLICATE_ROUTE', details, where)]
  })
}

function checkSource(trigger: WebsocketTriggerModel, apis: readonly WebsocketModel[]): Complaint[] {
  if (apis.some(({ name }) => name === trigger.websocket)) return []
  const what = `The websocket route ${trigger.export}`
  return [complaint('GOBLET_NO_RESOURCE', { what, name: trigger.websocket }, trigger.where)]
}

// Every function knows an API by the environment variable of its name, in which - and _ are one.
function checkVariables(apis: readonly WebsocketModel[]): Complaint[] {
  const seen = new Map<string, WebsocketModel>()
  return apis.flatMap((api) => {
    const variable = websocketVariable(api.name)
    const first = seen.get(variable)
    if (first === undefined) seen.set(variable, api)
    if (first === undefined || first.name === api.name) return []
    const details = { what: `The websocket ${api.name} (${first.name} is the same in ${variable})` }
    return [complaint('GOBLET_DUPLICATE_NAME', { ...details, first: toPlace(first.where) }, api.where)]
  })
}

// Source: AuthorizationType of a route, which only `$connect` may have. Without that route everybody could connect.
function unguarded({ name, where }: WebsocketModel): Complaint {
  const problem = 'is asked when somebody connects, and there is no route for that'
  const mend = 'Declare one: `.onConnect(() => {})`.'
  return complaint('GOBLET_BAD_OPTION', { option: 'auth', what: `the websocket ${name}`, problem, mend }, where)
}
