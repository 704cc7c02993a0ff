// An authorizer's event enters here and leaves as a policy.
import type { Context } from '../../aws/context.ts'
import { type AuthorizerEvent, type AuthorizerResult, readAuthorizerEvent } from '../../aws/events/authorizer.ts'
import { INVOKE, splitRouteArn } from '../../aws/policy.ts'
import type { AuthorizerAnswer, AuthorizerOptions, AuthorizerRequest } from '../auth.ts'
import { WHOLE } from '../caller.ts'
import type { Declaration } from '../declare.ts'
import { HttpError } from '../http-error.ts'
import { around, opened } from '../wake.ts'

type Door = 'http' | 'rest' | 'websocket'

/** The Lambda handler of one authorizer. */
export function wakeAuthorizer(
  app: Declaration,
  declaration: Declaration,
): (event: AuthorizerEvent, context: Context) => Promise<unknown> {
  const { handler, options } = opened<(request: AuthorizerRequest) => unknown>(declaration)
  const { header = 'authorization' }: AuthorizerOptions = options
  const run = around(app, declaration, handler)
  return async (event, context) => {
    const { arn, door, ...facts } = readAuthorizerEvent(event, header.toLowerCase())
    try {
      return toPolicy(await run({ kind: 'authorizer', ...facts, event, context }), arn, door)
    } catch (error) {
      return toRefusal(error, arn, door)
    }
  }
}

// A REST API and a WebSocket API answer 401 to an error with exactly this message; an HTTP API has no word for 401, only for 403.
function toRefusal(error: unknown, arn: string, door: Door): unknown {
  const status = error instanceof HttpError ? error.status : 500
  if (status === 401 && door !== 'http') throw new Error('Unauthorized')
  if (status === 401 || status === 403) return toPolicy({ allow: false }, arn, door)
  throw error
}

/** The policy that an answer stands for. What is no answer of ours, a raw policy too, goes to the gateway as it is. */
export function toPolicy(answer: unknown, arn: string, door: Door): unknown {
  if (!isAnswer(answer)) return answer
  const { principal = 'user', context = {} } = answer
  const allow = 'allow' in answer ? answer.allow : (answer as { isAuthorized: boolean }).isAuthorized
  const granted = Array.isArray(allow) ? allow : allow === true ? ['ANY /*'] : []
  const { stage } = splitRouteArn(arn)
  const result: AuthorizerResult = {
    principalId: principal,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [
        granted.length > 0
          ? { Action: INVOKE, Effect: 'Allow', Resource: granted.map((route) => `${stage}/${toResource(route, door)}`) }
          : { Action: INVOKE, Effect: 'Deny', Resource: [`${stage}/*`] },
      ],
    },
    context: door === 'http' ? { ...context, principalId: principal } : toTexts(context),
  }
  return result
}

// `isAuthorized` is AWS's own word for it, in the simple answers of HTTP APIs.
function isAnswer(answer: unknown): answer is AuthorizerAnswer {
  if (typeof answer !== 'object' || answer === null || 'policyDocument' in answer) return false
  const { allow, isAuthorized } = answer as { allow?: unknown; isAuthorized?: unknown }
  return (
    typeof allow === 'boolean' || Array.isArray(allow) || (allow === undefined && typeof isAuthorized === 'boolean')
  )
}

// `ANY /pets/*` → `*/pets/*`, `GET /cities/{city}` → `GET/cities/*`. A WebSocket API's routes have neither method nor path: `$connect`.
function toResource(route: string, door: Door): string {
  if (door === 'websocket') return route.replace(/^(?:[A-Z]+ )?\/?/, '')
  const space = route.indexOf(' ')
  const method = space < 0 ? 'ANY' : route.slice(0, space)
  const path = route.slice(space + 1).replace(/\{[^}]*\}/g, '*')
  return `${method === 'ANY' ? '*' : method}${path.startsWith('/') ? path : `/${path}`}`
}

// A REST API takes single values only and makes text of them; what would not survive that travels whole beside them.
function toTexts(context: object): Record<string, unknown> {
  const entries = Object.entries(context)
  if (entries.every(([, value]) => typeof value === 'string')) return { ...context }
  const single = entries.filter(([, value]) => /^(?:string|number|boolean)$/.test(typeof value))
  return { ...Object.fromEntries(single), [WHOLE]: JSON.stringify(context) }
}
