// Who calls, read from the event: the same words behind every front door.
import type { Caller, TokenCaller } from './auth.ts'

type Bag = Readonly<Record<string, unknown>>

/** The key under which an authorizer's facts travel whole through a REST API, which makes text of every value. */
export const WHOLE = 'goblet'

/** Reads the caller; undefined when nobody checked. */
export function readCaller(requestContext: object): Caller | undefined {
  const { authorizer, identity } = requestContext as { authorizer?: Bag | null; identity?: Bag | null }
  const given = authorizer ?? {}
  if (isBag(given.jwt) && isBag(given.jwt.claims)) return toTokenCaller(given.jwt.claims)
  if (isBag(given.iam)) return toSigner(given.iam.userArn, given.iam.accountId, given.iam.accessKey)
  if (isBag(given.lambda)) {
    const { principalId, ...context } = given.lambda
    return { kind: 'authorizer', principal: text(principalId, 'user'), context }
  }
  if (isBag(given.claims)) return toTokenCaller(given.claims)
  if (given.principalId !== undefined) {
    const { principalId, integrationLatency, [WHOLE]: whole, ...context } = given
    return { kind: 'authorizer', principal: text(principalId, 'user'), context: parsed(whole) ?? context }
  }
  if (typeof identity?.userArn === 'string') return toSigner(identity.userArn, identity.accountId, identity.accessKey)
  return undefined
}

// A raw policy may have a fact of that name too, which is no JSON.
function parsed(whole: unknown): Bag | undefined {
  try {
    const facts: unknown = typeof whole === 'string' ? JSON.parse(whole) : undefined
    return isBag(facts) ? facts : undefined
  } catch {
    return undefined
  }
}

const isBag = (value: unknown): value is Bag => typeof value === 'object' && value !== null

const text = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise)

const toSigner = (userArn: unknown, account: unknown, accessKey: unknown): Caller => ({
  kind: 'iam',
  principal: text(userArn),
  account: text(account),
  accessKey: text(accessKey),
})

function toTokenCaller(given: Bag): TokenCaller {
  const claims = given as Readonly<Record<string, string | undefined>>
  // Okta calls it `scp`, a list, which an HTTP API writes as `[a b]`.
  const scopes = text(claims.scope ?? claims.scp).replace(/^\[|\]$/g, '')
  return {
    kind: /^https:\/\/cognito-idp\./.test(text(claims.iss)) ? 'cognito' : 'jwt',
    principal: text(claims.sub ?? claims.client_id),
    claims,
    scopes: scopes === '' ? [] : scopes.split(/[ ,]+/),
  }
}
