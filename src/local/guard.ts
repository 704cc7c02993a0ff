// Who may speak to the AWS port: programs on this machine, not pages in its browser and not names that somebody pointed at it.

interface Asked {
  readonly method?: string | undefined
  readonly query?: string | undefined
  readonly headers: { readonly [name: string]: string | string[] | undefined }
}

/** A request that is not answered. */
export interface Refusal {
  readonly words: string
  /** Only a page of another site or port is refused: a service that has rules of its own for pages may let it in. */
  readonly isPage: boolean
}

/** Why a request is refused, or undefined when it may pass. `port` is the port that was asked. */
export function refusal(asked: Asked, port: number): Refusal | undefined {
  const { host } = asked.headers
  // DNS rebinding: a page's own name resolves to 127.0.0.1, but the Host header still says whose page it is.
  if (!isOwnHost(String(host ?? ''), port))
    return { words: `The host ${String(host)} is not this machine's.`, isPage: false }
  const words = refusalOfPage(asked, port)
  return words === undefined ? undefined : { words, isPage: true }
}

function refusalOfPage({ method, query = '', headers }: Asked, port: number): string | undefined {
  // CSRF: a simple form or text/plain POST needs no preflight, so the browser's own word decides.
  const { origin } = headers
  if (origin !== undefined && !isOwnOrigin(String(origin), port))
    return `The origin ${String(origin)} may not use the local cloud.`
  const site = headers['sec-fetch-site']
  if (site === 'cross-site') return 'A page of another site may not use the local cloud.'
  // The query protocol acts by GET as well: an image's address is enough to delete a queue.
  const reads = (method === 'GET' || method === 'HEAD') && !/(^|&)Action=/.test(query)
  if (site === 'same-site' && !reads) return 'A page of another port may only read.'
  const { referer } = headers
  if (origin === undefined && site === undefined && referer !== undefined && !isLocalUrl(String(referer)))
    return 'A page of another site may not use the local cloud.'
  return undefined
}

const NAMES = new Set(['localhost', '127.0.0.1', '[::1]'])

// Exact names and the exact port; `*.localhost` is loopback by RFC 6761 and holds bucket and API host names.
function isOwnHost(host: string, port: number): boolean {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+):(\d+)$/i.exec(host)
  if (match === null) return false
  const [, name = '', asked] = match
  const lower = name.toLowerCase()
  return Number(asked) === port && (NAMES.has(lower) || lower.endsWith('.localhost'))
}

function isOwnOrigin(origin: string, port: number): boolean {
  const host = /^http:\/\/([^/]+)$/.exec(origin)?.[1]
  // A page on sub.localhost is somebody else's page.
  return host !== undefined && isOwnHost(host, port) && !host.toLowerCase().includes('.localhost')
}

function isLocalUrl(url: string): boolean {
  const host = /^https?:\/\/(\[[^\]]+\]|[^/:]+)/.exec(url)?.[1]?.toLowerCase()
  return host !== undefined && NAMES.has(host)
}
