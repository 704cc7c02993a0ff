// Who may call a route: `authorizer(…)`, `iam()`, `jwt(…)`, `cognito(…)`, and what a handler then knows of the caller.
import type { Context } from '../aws/context.ts'
import type { AuthorizerEvent } from '../aws/events/authorizer.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'

/** Options of an authorizer. */
export interface AuthorizerOptions extends FunctionOptions {
  /** The header that holds the token. Default `authorization`. */
  header?: string
  /** `token`: asked about one header's value. `request`: asked about the whole request. Default: `request` when `identity` is given. */
  style?: 'token' | 'request'
  /** What the answer depends on, in request style: `$request.header.x`, `$request.querystring.y`, `$context.z`. Without all of them the answer is 401. */
  identity?: string | readonly string[]
  /** Seconds that an answer is remembered for the same token or identity, on every route; 0 asks each time. Default 300. */
  ttl?: number
}

/** What an authorizer is asked. */
export interface AuthorizerRequest {
  readonly kind: 'authorizer'
  /** The header's value as it was sent, with its `Bearer `; empty in request style when it was not sent. */
  readonly token: string
  readonly method: string
  readonly path: string
  /** By lower-case name. A REST API in token style gives the token's header only. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** A REST API in token style gives none. */
  readonly query: Readonly<Record<string, string | undefined>>
  readonly event: AuthorizerEvent
  readonly context: Context
}

/** What an authorizer answers. */
export interface AuthorizerAnswer<Facts extends object = object> {
  /**
   * `true`: every route. A list: only those, written as routes: `GET /me`, `ANY /pets/*`, `GET /cities/{city}`, or a path
   * alone for any method; `*` stands for anything, slashes included. The answer is remembered for all routes that ask this
   * authorizer, so a list names everything the caller may do. To connect to a WebSocket API is the route `$connect`.
   */
  readonly allow: boolean | readonly string[]
  /** Who it is; `req.auth.principal`. Default `user`. */
  readonly principal?: string
  /** What routes are told of the caller; `req.auth.context`. JSON. */
  readonly context?: Facts
}

/** An authorizer, to be given to routes as `auth`. */
export interface Authorizer<Facts extends object = object> extends Declaration {
  readonly auth: 'authorizer'
  /** Only in the types: what routes are told. */
  readonly context?: Facts
}

// A raw policy is passed on as it is.
interface RawPolicy {
  readonly principalId: string
  readonly policyDocument: object
  readonly context?: object
}

type Answer = AuthorizerAnswer | RawPolicy
type AuthorizerHandler<Given extends Answer> = (request: AuthorizerRequest) => Given | Promise<Given>

// Literals widen: an authorizer that answers `{ plan: 'pro' }` tells routes of a string.
type FactsOf<Given> = [Given] extends [{ readonly context?: infer Facts }]
  ? Facts extends object
    ? Facts
    : Record<string, never>
  : Given extends { readonly context: infer Facts extends object }
    ? Facts
    : Record<string, never>

/**
 * Declares an authorizer: a function that is asked who may pass, before any route that names it as `auth`. Throw an
 * `UnauthorizedError` for 401 (an HTTP API can only say 403).
 *
 * @example
 * export const token = authorizer(async ({ token }) => ({ allow: token === 'secret', principal: 'u1', context: { plan: 'pro' } }))
 * export const me = route('GET /me', { auth: token }, ({ auth }) => auth.principal)
 */
export function authorizer<Given extends Answer>(handler: AuthorizerHandler<Given>): Authorizer<FactsOf<Given>>
export function authorizer<Given extends Answer>(
  options: AuthorizerOptions,
  handler: AuthorizerHandler<Given>,
): Authorizer<FactsOf<Given>>
export function authorizer<Given extends Answer>(
  first: AuthorizerOptions | AuthorizerHandler<Given>,
  second?: AuthorizerHandler<Given>,
): Authorizer<FactsOf<Given>> {
  const [options, handler] = typeof first === 'function' ? [{}, first] : [first, second]
  return declare({ auth: 'authorizer' }, { role: 'function', trigger: 'authorizer', subject: '', options, handler })
}

/** Callers sign their requests with AWS credentials (Signature Version 4) and need `execute-api:Invoke`. */
export interface Iam {
  readonly auth: 'iam'
}

/** Callers show a token of an OpenID Connect issuer. */
export interface Jwt {
  readonly auth: 'jwt'
  readonly issuer: string
  readonly audience: string | readonly string[]
  readonly scopes?: readonly string[]
}

/** Callers show a token of a Cognito user pool. */
export interface Cognito {
  readonly auth: 'cognito'
  readonly userPools: readonly string[]
  readonly scopes?: readonly string[]
}

/** Only requests signed with AWS credentials (Signature Version 4). */
export function iam(): Iam {
  return Object.freeze({ auth: 'iam' })
}

/**
 * Only requests with a token of this issuer, for one of these audiences, with one of these scopes.
 *
 * @example
 * export const me = route('GET /me', { auth: jwt({ issuer: 'https://example.auth0.com/', audience: 'api' }) }, ({ auth }) => auth.claims)
 */
export function jwt(options: Omit<Jwt, 'auth'>): Jwt {
  return Object.freeze({ auth: 'jwt', ...options })
}

/**
 * Only requests with a token of one of these user pools (ARNs), with one of these scopes.
 *
 * @example
 * export const me = route('GET /me', { auth: cognito({ userPools: ['arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc'] }) }, …)
 */
export function cognito(options: Omit<Cognito, 'auth'>): Cognito {
  return Object.freeze({ auth: 'cognito', ...options })
}

/** What `auth` of a route, a group or the app may be. */
export type AuthOption = Authorizer | Iam | Jwt | Cognito | 'none'

/** A caller that an authorizer let pass. */
export interface AuthorizedCaller<Facts = Readonly<Record<string, unknown>>> {
  readonly kind: 'authorizer'
  readonly principal: string
  readonly context: Facts
}

/** A caller that signed with AWS credentials. */
export interface SigningCaller {
  readonly kind: 'iam'
  /** The ARN of the user or the assumed role. */
  readonly principal: string
  readonly account: string
  readonly accessKey: string
}

/** A caller that showed a token. */
export interface TokenCaller<Kind extends 'jwt' | 'cognito' = 'jwt' | 'cognito'> {
  readonly kind: Kind
  /** The token's `sub`, or the client that it was made for. */
  readonly principal: string
  /** As API Gateway gives them: all of them text. */
  readonly claims: Readonly<Record<string, string | undefined>>
  readonly scopes: readonly string[]
}

export type Caller = AuthorizedCaller | SigningCaller | TokenCaller

/** What `req.auth` is behind this `auth` option. */
export type CallerOf<Auth> =
  Auth extends Authorizer<infer Facts>
    ? AuthorizedCaller<Facts>
    : Auth extends Iam
      ? SigningCaller
      : Auth extends Jwt
        ? TokenCaller<'jwt'>
        : Auth extends Cognito
          ? TokenCaller<'cognito'>
          : undefined
