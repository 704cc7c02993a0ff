// Who may call a route: reading `auth`, and what each front door can do of it.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { DescribedFunction, Options, Plain } from './describe.ts'
import { settled } from './kinds/authorizer.ts'
import type { ApiModel, AuthModel } from './model.ts'
import { functionName } from './names.ts'
import { isObject, type Rule, show, textOf, textsOf } from './options.ts'
import { called, inherited, type Reading } from './reading.ts'

const NONE: AuthModel = { kind: 'none' }

const MEND = "It is an exported authorizer(…), iam(), jwt(…), cognito(…), or 'none'."

export const authRule: Rule = (value) => {
  if (value === 'none' || authorizerName(value) !== undefined) return undefined
  if (!isObject(value)) return { problem: `is ${show(value)}`, mend: MEND }
  if (value.auth === 'iam') return undefined
  if (value.auth === 'jwt') return jwtProblem(value)
  if (value.auth === 'cognito') return cognitoProblem(value)
  return { problem: `is ${show(value)}`, mend: MEND }
}

// A reference to a function, by its export.
function authorizerName(value: Plain): string | undefined {
  const isFunction = isObject(value) && value.$ === 'reference' && value.kind === 'function'
  return isFunction && typeof value.name === 'string' ? value.name : undefined
}

function jwtProblem(value: Options): ReturnType<Rule> {
  const issuer = textOf(value, 'issuer', '')
  if (!/^https?:\/\/[^\s]+$/.test(issuer))
    return {
      problem: `has the issuer ${show(value.issuer ?? null)}`,
      mend: "An issuer is the URL in a token's `iss`: 'https://login.example.com'.",
    }
  if (textsOf(value, 'audience').length === 0)
    return {
      problem: 'has no audience',
      mend: "Name who the tokens are for, as in their `aud`: jwt({ issuer, audience: ['my-api'] }).",
    }
  return undefined
}

function cognitoProblem(value: Options): ReturnType<Rule> {
  const pools = textsOf(value, 'userPools')
  const bad = pools.find((pool) => !/^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/[\w-]+$/.test(pool))
  if (pools.length > 0 && bad === undefined) return undefined
  return {
    problem: bad === undefined ? 'has no user pools' : `has the user pool ${show(bad)}`,
    mend: "Name user pools by ARN: cognito({ userPools: ['arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'] }).",
  }
}

/** Who may call a route, and complaints of what its front door cannot do. */
export function readAuth(
  described: DescribedFunction,
  reading: Reading,
): { auth: AuthModel; complaints: readonly Complaint[] } {
  const found = inherited(described, 'auth', reading)
  const auth = toAuth(found?.value ?? 'none', described, reading)
  if (auth === undefined) {
    const details = { what: called(described), name: authorizerName(found?.value ?? null) ?? '' }
    return { auth: NONE, complaints: [complaint('GOBLET_NO_AUTHORIZER', details, described.where)] }
  }
  const wrong = problemOf(auth, described, reading.door)
  if (wrong === undefined) return { auth, complaints: [] }
  return {
    auth: NONE,
    complaints: [complaint('GOBLET_BAD_OPTION', { what: called(described), ...wrong }, described.where)],
  }
}

function toAuth(value: Plain, { options }: DescribedFunction, reading: Reading): AuthModel | undefined {
  if (!isObject(value)) return NONE
  if (value.auth === 'iam') return { kind: 'iam' }
  const scopes = textsOf(options.scopes === undefined ? value : options, 'scopes')
  if (value.auth === 'jwt')
    return { kind: 'jwt', issuer: textOf(value, 'issuer', ''), audience: textsOf(value, 'audience'), scopes }
  if (value.auth === 'cognito') return { kind: 'cognito', userPools: textsOf(value, 'userPools'), scopes }
  const name = authorizerName(value)
  // Something that is no auth at all: the option's rule has complained of it.
  if (name === undefined) return NONE
  const authorizer = reading.authorizers.get(name)
  return authorizer && { kind: 'authorizer', function: functionName(name), ...settled(authorizer.options) }
}

// Sources: "Control and manage access to WebSocket APIs", and CreateAuthorizer: WEBSOCKET knows REQUEST only, and remembers nothing.
/** Who may connect to a WebSocket API, and complaints of what it cannot do. */
export function toWebsocketAuth(
  value: Plain | undefined,
  { name, where }: { readonly name: string; readonly where: Where },
  { authorizers }: Reading,
): { auth: AuthModel; complaints: readonly Complaint[] } {
  const what = `the websocket ${name}`
  const refused = (problem: string, mend: string): { auth: AuthModel; complaints: readonly Complaint[] } => ({
    auth: NONE,
    complaints: [complaint('GOBLET_BAD_OPTION', { option: 'auth', what, problem, mend }, where)],
  })
  if (isObject(value) && value.auth === 'iam') return { auth: { kind: 'iam' }, complaints: [] }
  if (isObject(value) && (value.auth === 'jwt' || value.auth === 'cognito'))
    return refused('is one that a WebSocket API does not have', 'Check the token in an authorizer(…).')
  const named = authorizerName(value ?? null)
  if (named === undefined) return { auth: NONE, complaints: [] }
  const found = authorizers.get(named)
  if (found === undefined)
    return { auth: NONE, complaints: [complaint('GOBLET_NO_AUTHORIZER', { what, name: named }, where)] }
  if (found.options.style === 'token')
    return refused('is an authorizer in token style', 'A WebSocket API asks in request style: remove `style`.')
  const { identity, header } = settled({ ...found.options, style: 'request' })
  const auth = {
    kind: 'authorizer',
    function: functionName(named),
    style: 'request',
    header,
    identity,
    ttl: 0,
  } as const
  return { auth, complaints: [] }
}

interface Wrong {
  readonly option: string
  readonly problem: string
  readonly mend: string
}

// Sources: the comparison "Choose between REST APIs and HTTP APIs", and "Control access to Lambda function URLs".
const DOORS: { readonly [Kind in AuthModel['kind']]: { doors: readonly ApiModel['door'][]; mend: string } } = {
  none: { doors: ['http', 'rest', 'url'], mend: '' },
  iam: { doors: ['http', 'rest', 'url'], mend: '' },
  authorizer: { doors: ['http', 'rest'], mend: "A function URL knows only iam(): choose `api: 'http'` or 'rest'." },
  jwt: {
    doors: ['http'],
    mend: "Only HTTP APIs verify tokens by themselves: choose `api: 'http'`, or write an authorizer(…).",
  },
  cognito: {
    doors: ['rest'],
    mend: "Choose `api: 'rest'`, or jwt({ issuer: 'https://cognito-idp.<region>.amazonaws.com/<pool>', audience: ['<client id>'] }).",
  },
}

const NAMES = { http: 'an HTTP API', rest: 'a REST API', url: 'a function URL' } satisfies Record<
  ApiModel['door'],
  string
>

function problemOf(auth: AuthModel, { options }: DescribedFunction, door: ApiModel['door']): Wrong | undefined {
  const { doors, mend } = DOORS[auth.kind]
  if (!doors.includes(door)) return { option: 'auth', problem: `is one that ${NAMES[door]} does not have`, mend }
  if (options.scopes !== undefined && auth.kind !== 'jwt' && auth.kind !== 'cognito')
    return {
      option: 'scopes',
      problem: 'needs tokens that carry scopes, and `auth` is neither jwt(…) nor cognito(…)',
      mend: 'Remove it, or let the authorizer itself decide by path and method.',
    }
  return undefined
}
