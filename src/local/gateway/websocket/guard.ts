// Who may connect: the guard of `$connect`, the one route of a WebSocket API that has one.
import type { WebsocketConnectEvent } from '../../../aws/events/websocket.ts'
import type { AuthModel } from '../../../model/index.ts'
import type { Incoming } from '../asked.ts'
import { broken, PASSED, type Verdict } from '../auth/answers.ts'
import type { Asked } from '../auth/asked.ts'
import { type LambdaAuthorizers, type LambdaGround, openLambdaAuthorizers } from '../auth/lambda.ts'
import { checkSignature } from '../auth/signature.ts'

export interface Guard {
  check(auth: AuthModel, incoming: Incoming, event: WebsocketConnectEvent): Promise<Verdict>
}

/** Opens the guard of one API. */
export function openGuard(ground: LambdaGround): Guard {
  const lambdas: LambdaAuthorizers = openLambdaAuthorizers(ground)
  return {
    check: async (auth, incoming, event) => {
      if (auth.kind === 'none') return PASSED
      const asked = toAsked(auth, incoming, event)
      if (auth.kind === 'iam') return checkSignature('websocket', asked, ground.now())
      // Nothing is remembered. Source: CreateAuthorizer, AuthorizerResultTtlInSeconds: "Supported only for HTTP API Lambda authorizers".
      if (auth.kind === 'authorizer') return lambdas.check('websocket', asked, { ...auth, ttl: 0 })
      // The model lets no other through; should one come, nobody passes.
      return broken('websocket')
    },
  }
}

function toAsked(
  auth: AuthModel,
  { path, query, rawHeaders, requestId }: Incoming,
  event: WebsocketConnectEvent,
): Asked {
  const trigger = { auth, apiKey: false, method: '$connect', path: '' }
  // A signature is of the request, the policy's resource is the route: `arn:…:id/stage/$connect`.
  return { trigger, method: 'GET', signedPath: path, path: '', query, rawHeaders, body: undefined, requestId, event }
}
