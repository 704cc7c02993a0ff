// A proxy between who deploys and the cloud: it counts the calls, and lets go wrong what is asked for.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'

/** One call, as AWS's APIs know it: `CloudFormation.CreateChangeSet`, `S3.PUT objects/…`, `Lambda.PUT …/code`. */
export interface Seen {
  readonly name: string
  readonly mutates: boolean
}

/** `kill`: the call is done, but whoever made it is gone before the answer. `lose`: done, and the answer is lost. */
export type Fault =
  | { readonly does: 'kill' | 'lose' }
  | { readonly does: 'answer'; readonly status: number; readonly type: string; readonly body: string }
  | { readonly does: 'delay'; readonly milliseconds: number }
  /** The answer is told differently. */
  | { readonly does: 'rewrite'; readonly body?: (body: string) => string; readonly headers?: Record<string, string> }

export interface FaultProxy {
  readonly endpoint: string
  /** Every call that came, tries included. */
  readonly seen: Seen[]
  /** Asked for every call, with how many mutating ones came before it; undefined: it goes through. */
  fault: (call: Seen, before: number) => Fault | undefined
  /** What `kill` does. */
  onKill: () => void
  close(): Promise<void>
}

export async function openFaultProxy(target: string): Promise<FaultProxy> {
  const server = createServer((incoming, outgoing) => {
    handle(proxy, target, incoming, outgoing).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${port}`,
    seen: [],
    fault: () => undefined,
    onKill: () => {},
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return proxy
}

async function handle(
  proxy: FaultProxy,
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
  const body = Buffer.concat(chunks)
  const call = toSeen(incoming, body)
  const before = proxy.seen.filter((one) => one.mutates).length
  proxy.seen.push(call)
  const fault = proxy.fault(call, before)
  if (fault?.does === 'answer') {
    outgoing.writeHead(fault.status, { 'content-type': fault.type, 'x-amzn-errortype': errorOf(fault.body) })
    outgoing.end(fault.body)
    return
  }
  if (fault?.does === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.milliseconds))
  const answer = await forward(target, incoming, body)
  if (fault?.does === 'kill') {
    proxy.onKill()
    return
  }
  if (fault?.does === 'lose') {
    outgoing.destroy()
    return
  }
  if (fault?.does !== 'rewrite') {
    outgoing.writeHead(answer.status, answer.headers)
    outgoing.end(answer.body)
    return
  }
  const { 'content-length': _, ...headers } = answer.headers
  outgoing.writeHead(answer.status, { ...headers, ...fault.headers })
  outgoing.end(fault.body?.(answer.body.toString()) ?? answer.body)
}

const errorOf = (body: string): string => /"__type":"([^"]+)"|<Code>([^<]+)</.exec(body)?.slice(1).find(Boolean) ?? ''

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[]>
  readonly body: Buffer
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host: _, connection: __, ...headers } = incoming.headers
    const { method, url } = incoming
    const outer = request(`${target}${url}`, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const told = Object.entries(answer.headers).flatMap(([name, value]): [string, string | string[]][] =>
          value === undefined || name === 'transfer-encoding' || name === 'connection' ? [] : [[name, value]],
        )
        resolve({ status: answer.statusCode ?? 502, headers: Object.fromEntries(told), body: Buffer.concat(chunks) })
      })
    })
    outer.on('error', reject)
    outer.end(body)
  })
}

const READS = /^(Get|List|Describe|Head|Detect|Validate)/

function toSeen({ method = 'GET', url = '/', headers }: IncomingMessage, body: Buffer): Seen {
  const service = /Credential=[^/]+\/[^/]+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'unknown'
  const [path = ''] = url.split('?')
  const target = String(headers['x-amz-target'] ?? '').split('.')[1]
  const action = target ?? /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1]
  if (action !== undefined && service !== 's3' && service !== 'lambda')
    return { name: `${service}.${action}`, mutates: !READS.test(action) }
  const what = path.split('/').filter(Boolean).slice(-2).join('/')
  const mutates = !(method === 'GET' || method === 'HEAD' || service === 'monitoring')
  return { name: `${service}.${method} ${what}`, mutates }
}
