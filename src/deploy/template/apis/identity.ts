// What an authorizer is asked about, in the words of REST and WebSocket APIs.

/**
 * `$request.header.who` as `method.request.header.Who`, `$context.x` as `context.x`. Headers are written as documentation and
 * everybody writes them, which is known to find them in HTTP/1.1 and in HTTP/2, where they come in lower case; whether
 * the other way round holds, AWS does not say. Sources: CreateAuthorizer of both; "Use API Gateway Lambda authorizers".
 */
export function toIdentitySource(source: string, of: 'method' | 'route'): string {
  const [, header] = /^\$request\.header\.(.+)$/.exec(source) ?? []
  if (header !== undefined) return toHeaderSource(header, of)
  return source.replace(/^\$request\./, `${of}.request.`).replace(/^\$/, '')
}

export const toHeaderSource = (header: string, of: 'method' | 'route'): string =>
  `${of}.request.header.${header.replace(/(?<![A-Za-z0-9])[a-z]/g, (letter) => letter.toUpperCase())}`
