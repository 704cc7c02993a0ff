// Identity sources: the parts of a request that an authorizer's answer depends on.
import { queryPairs } from '../../../aws/events/http.ts'
import { type Asked, toHeaders } from './asked.ts'

/** Reads `$request.header.x`, `$request.querystring.x`, `$context.x.y` or `$stageVariables.x`; undefined when it is not there. */
export function readIdentity(asked: Asked, source: string): string | undefined {
  const [, kind = '', name = ''] =
    /^\$(request\.header|request\.querystring|context|stageVariables)\.(.+)$/.exec(source) ?? []
  if (kind === 'request.header') return toHeaders(asked)[name.toLowerCase()]
  if (kind === 'request.querystring')
    return queryPairs(asked.query)
      .filter(([own]) => own === name)
      .map(([, value]) => value)
      .join(',')
  const { event } = asked
  if (kind === 'stageVariables') return textAt(event, ['stageVariables', name])
  return kind === 'context' ? textAt(event.requestContext, name.split('.')) : undefined
}

function textAt(value: unknown, path: readonly string[]): string | undefined {
  let at = value
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = Object.entries(at).find(([own]) => own === name)?.[1]
  }
  return typeof at === 'string' || typeof at === 'number' ? String(at) : undefined
}
