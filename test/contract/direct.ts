// Asks a woken handler without any gateway: the event is built, the answer read, as the gateway does both.
import { readHttpResult, toHttpEvent } from '../../src/aws/events/http.ts'
import type { Declaration } from '../../src/runtime/declare.ts'
import { wakeHttp } from '../../src/runtime/triggers/http.ts'
import { CONTEXT } from '../support/event.ts'
import type { Case, Got } from './cases.ts'

/** Wakes the app's routes; what is returned asks them. */
export function openDirect({ default: app, ...exports }: { default: Declaration } & Record<string, Declaration>) {
  const handler = wakeHttp(app, exports)
  return async (path: string, { method = 'GET', headers = {}, body }: NonNullable<Case['request']>): Promise<Got> => {
    const [own = '', query = ''] = path.split('?')
    const event = toHttpEvent({
      // The one route of a gateway that knows none: the runtime finds its own.
      routeKey: '$default',
      method,
      path: own,
      query,
      rawHeaders: Object.entries(headers).flat(),
      pathParameters: undefined,
      sourceIp: '127.0.0.1',
      protocol: 'HTTP/1.1',
      requestId: 'direct',
      accountId: '000000000000',
      apiId: 'local',
      domainName: 'localhost',
      port: '443',
      time: 0,
      body: body === undefined ? undefined : Buffer.from(body),
    })
    const answer = readHttpResult(JSON.stringify(await handler(event, CONTEXT)))
    if (answer === undefined) throw new Error('The gateway could not read the result.')
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(answer.body) }
  }
}
