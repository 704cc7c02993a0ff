// The guards at the front door: decides for every request whether its route lets it pass, exactly as AWS would say it.
import type { ApiModel } from '../../../model/index.ts'
import { broken, PASSED, type Verdict } from './answers.ts'
import { type Asked, toHeaders } from './asked.ts'
import { openIssuers } from './issuers.ts'
import { openKeyRing } from './keys.ts'
import { type LambdaGround, openLambdaAuthorizers } from './lambda.ts'
import { checkSignature } from './signature.ts'
import { checkCognito, checkJwt } from './tokens.ts'

export type { Allowed, Refused, Verdict } from './answers.ts'
export type { Asked } from './asked.ts'

export interface AuthorizerGround extends Omit<LambdaGround, 'stage'> {
  readonly api: Pick<ApiModel, 'door' | 'stage' | 'apiKeys' | 'usagePlan'>
  /** Where Cognito is, instead of AWS. Default: `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`. */
  readonly cognitoEndpoint?: string | undefined
}

export interface Authorizer {
  /** Whether a request may pass, and what its event then says of the caller; or what the gateway answers instead. */
  authorize(asked: Asked): Promise<Verdict>
}

/** Opens the guards of one deployed API: what they remember and count goes with them. */
export function openAuthorizer(ground: AuthorizerGround): Authorizer {
  const { api, now } = ground
  const lambdas = openLambdaAuthorizers({ ...ground, stage: api.stage })
  const cognitoEndpoint = ground.cognitoEndpoint ?? process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER
  const tokens = { issuers: openIssuers(now), now, cognitoEndpoint }
  const keys = openKeyRing(api, now)

  const check = async (asked: Asked): Promise<Verdict> => {
    const { door } = api
    const { auth } = asked.trigger
    if (auth.kind === 'none') return PASSED
    if (auth.kind === 'iam') return checkSignature(door, asked, now())
    if (auth.kind === 'authorizer' && door !== 'url') return lambdas.check(door, asked, auth)
    if (auth.kind === 'jwt' && door === 'http') return checkJwt(tokens, asked, auth)
    if (auth.kind === 'cognito' && door === 'rest') return checkCognito(tokens, asked, auth)
    // The model lets no such pair through; should one come, nobody passes.
    return broken(door)
  }

  const authorize: Authorizer['authorize'] = async (asked) => {
    const verdict = await check(asked)
    if (!verdict.passed || !asked.trigger.apiKey) return verdict
    const key = toHeaders(asked)['x-api-key']
    const refused = keys.spend(key)
    if (refused !== undefined) return refused
    return { ...verdict, identity: { ...verdict.identity, apiKey: key ?? '', apiKeyId: key ?? '' } }
  }

  return { authorize }
}
