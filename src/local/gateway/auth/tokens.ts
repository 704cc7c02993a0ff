// Routes with jwt(…) and cognito(…): the token's signature, issuer, audience, time and scopes.
import type { JWTPayload } from 'jose'
import { expired, forbidden, unauthorized, type Verdict } from './answers.ts'
import { type Asked, type AuthOf, toHeaders } from './asked.ts'
import type { Issuers } from './issuers.ts'

export interface TokenGround {
  readonly issuers: Issuers
  now(): number
  /** Where Cognito is, instead of AWS: what `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER` says. */
  readonly cognitoEndpoint: string | undefined
}

// API Gateway's JWT authorizers take RSA alone; elliptic curves and Ed25519 are accepted here too, shared secrets never:
// whoever knows an issuer's public key could sign with it as if it were one.
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

type Problem = 'malformed' | 'signature' | 'issuer' | 'audience' | 'expired' | 'early' | 'issuer unreachable'
type Read = { readonly claims: JWTPayload } | { readonly problem: Problem }

// The words for a wrong audience are AWS's; it documents no other.
const SAYS = {
  malformed: 'the token is malformed',
  signature: 'the token does not have a valid signature',
  issuer: 'the token does not have a valid issuer',
  audience: 'the token does not have a valid audience',
  expired: 'the token has expired',
  early: 'the token is not valid yet',
  'issuer unreachable': "the issuer's keys could not be fetched",
} satisfies Record<Problem, string>

/** An HTTP API's JWT authorizer. */
export async function checkJwt(ground: TokenGround, asked: Asked, auth: AuthOf<'jwt'>): Promise<Verdict> {
  const token = tokenOf(asked)
  if (token === undefined) return unauthorized('http', 'Bearer')
  const read = await readToken(ground, token, auth.issuer)
  const problem = 'problem' in read ? read.problem : hasAudience(read.claims, auth.audience) ? undefined : 'audience'
  if (problem !== undefined || 'problem' in read)
    return unauthorized(
      'http',
      `Bearer scope="" error="invalid_token" error_description="${SAYS[problem ?? 'malformed']}"`,
    )
  const { claims } = read
  if (!hasScope(claims, auth.scopes)) {
    const wanted = `scope="${auth.scopes.join(' ')}" error="insufficient_scope"`
    return forbidden('http', `Bearer ${wanted} error_description="the token does not have a sufficient scope"`)
  }
  const scopes = auth.scopes.length === 0 ? null : auth.scopes
  return { passed: true, authorizer: { jwt: { claims: toTexts(claims, toHttpText), scopes } }, identity: undefined }
}

/**
 * A REST API's COGNITO_USER_POOLS authorizer. Without scopes on the route it wants an identity token, with scopes an access
 * token. Source: "Control access to REST APIs using Amazon Cognito user pools as an authorizer".
 */
export async function checkCognito(ground: TokenGround, asked: Asked, auth: AuthOf<'cognito'>): Promise<Verdict> {
  const token = tokenOf(asked)
  if (token === undefined) return unauthorized('rest')
  const issuer = await issuerOf(token)
  const pool = auth.userPools.map((arn) => toPool(arn, ground)).find(({ issuers }) => issuers.includes(issuer))
  if (pool === undefined) return unauthorized('rest')
  const read = await readToken(ground, token, issuer, pool.keys)
  if ('problem' in read) return read.problem === 'expired' ? expired() : unauthorized('rest')
  const { claims } = read
  if (claims.token_use !== (auth.scopes.length === 0 ? 'id' : 'access')) return unauthorized('rest')
  if (!hasScope(claims, auth.scopes)) return unauthorized('rest')
  return { passed: true, authorizer: { claims: toTexts(claims, toRestText) }, identity: undefined }
}

function toPool(arn: string, { cognitoEndpoint }: TokenGround): { issuers: readonly string[]; keys: string } {
  const [, , , region = '', , resource = ''] = arn.split(':')
  const id = resource.slice(resource.indexOf('/') + 1)
  const real = `https://cognito-idp.${region}.amazonaws.com/${id}`
  const own = cognitoEndpoint === undefined ? undefined : `${cognitoEndpoint.replace(/\/$/, '')}/${id}`
  return { issuers: own === undefined ? [real] : [real, own], keys: `${own ?? real}/.well-known/jwks.json` }
}

// The word Bearer may be left out. Source: "Control access to HTTP APIs with JWT authorizers".
function tokenOf(asked: Asked): string | undefined {
  const token = (toHeaders(asked).authorization ?? '').replace(/^Bearer +/i, '').trim()
  return token === '' ? undefined : token
}

// Read before anything is verified: it only chooses whose keys must have signed.
async function issuerOf(token: string): Promise<string> {
  const { decodeJwt } = await import('jose')
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    return ''
  }
}

async function readToken(ground: TokenGround, token: string, issuer: string, keys?: string): Promise<Read> {
  const { jwtVerify } = await import('jose')
  const options = {
    issuer,
    algorithms: ALGORITHMS,
    requiredClaims: ['exp'],
    currentDate: new Date(ground.now()),
  }
  try {
    const { payload: claims } = await jwtVerify(token, ground.issuers.keys(issuer, keys), options)
    if (claims.iat !== undefined && claims.iat * 1000 > ground.now() + 1000) return { problem: 'early' }
    return { claims }
  } catch (error) {
    return { problem: await toProblem(error) }
  }
}

async function toProblem(error: unknown): Promise<Problem> {
  const { errors } = await import('jose')
  if (error instanceof errors.JWTExpired) return 'expired'
  if (error instanceof errors.JWTClaimValidationFailed)
    return error.claim === 'iss' ? 'issuer' : error.claim === 'nbf' ? 'early' : 'malformed'
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'malformed'
  return error instanceof errors.JOSEError ? 'signature' : 'issuer unreachable'
}

// `client_id` counts only where there is no `aud`: access tokens of Cognito have none.
function hasAudience({ aud, client_id: client }: JWTPayload, wanted: readonly string[]): boolean {
  const named = aud ?? client
  return (Array.isArray(named) ? named : [named]).some((one) => typeof one === 'string' && wanted.includes(one))
}

// One of the route's scopes is enough.
function hasScope({ scope, scp }: JWTPayload, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true
  const given = scope ?? scp
  const scopes: readonly unknown[] = Array.isArray(given) ? given : typeof given === 'string' ? given.split(' ') : []
  return wanted.some((one) => scopes.includes(one))
}

type ToText = (name: string, value: unknown) => string

const toTexts = (claims: JWTPayload, toText: ToText): Record<string, string> =>
  Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, toText(name, value)]))

// An HTTP API writes lists as Go does: `[a b]`. Source: reports of `cognito:groups` claims.
function toHttpText(_name: string, value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => toHttpText('', one)).join(' ')}]`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

// A REST API writes lists with commas and the two times as Java does. Source: events in users' reports
// (`"exp": "Wed Aug 14 20:44:46 UTC 2019"`, `"auth_time": "1565725486"`).
function toRestText(name: string, value: unknown): string {
  if ((name === 'exp' || name === 'iat') && typeof value === 'number') return toJavaDate(value * 1000)
  if (Array.isArray(value)) return value.map(String).join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function toJavaDate(time: number): string {
  const [, day = '', date = '', month = '', year = '', clock = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(new Date(time).toUTCString()) ?? []
  return `${day} ${month} ${date} ${clock} UTC ${year}`
}
