// A door in the wall: one service of the real account, for the functions of the app alone, signed with the developer's own credentials.
import { createHash, createHmac } from 'node:crypto'
import { request as send } from 'node:http'
import { request as sendSecure } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { type Digest, readSignature, type Signable, sign } from '../aws/signer.ts'
import type { Service, WireRequest, WireResponse } from './service.ts'
import type { OwnCredentials } from './wall-credentials.ts'
import { isAwsName, regionOfName, serviceOfName } from './wall-names.ts'

/** Which services are opened, and with whose credentials. They stay in this process: no sandbox ever holds them. */
export interface Remote {
  readonly services: readonly string[]
  credentials(): Promise<OwnCredentials>
  /** Where the real ones are; left out: at their own names. */
  readonly base?: (host: string) => string
}

export interface RemoteGround {
  readonly remote: Remote
  /** Whether a session token is a sandbox's. */
  knows(token: string): boolean
}

const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => createHmac('sha256', key).update(data).digest(),
}

/** The service that hands every call of a function on to the real account. */
export function openRemote(service: string, { remote, knows }: RemoteGround): Service {
  return {
    handle: async (request) => {
      // Anybody on this machine may reach the port. The account is the developer's, and for his functions.
      if (!knows(request.headers['x-amz-security-token'] ?? ''))
        return refuse(
          403,
          'AccessDenied',
          `${service} is the real account's, and only functions of the app reach it from here.`,
        )
      if (request.headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4') === true)
        return refuse(
          501,
          'NotImplemented',
          'A body signed in chunks cannot be signed again: send it whole, or with UNSIGNED-PAYLOAD.',
        )
      return forward(request, service, remote)
    },
  }
}

async function forward(request: WireRequest, service: string, remote: Remote): Promise<WireResponse> {
  const { method, path, query } = request
  const { host, region } = addressOf(request, service)
  const credentials = await remote.credentials()
  const body = await buffer(request.body)
  const headers = { ...toKept(request.headers), host, 'content-length': String(body.length) }
  const hash = request.headers['x-amz-content-sha256']
  // The machine's time: AWS does not follow a clock that was moved.
  const signing = { credentials, region, service, date: Date.now(), digest }
  const signed = sign({ method, path, query, headers }, signing, hash === undefined ? body : { hash })
  const base = remote.base?.(host) ?? `https://${host}`
  return new Promise((resolve, reject) => {
    const open = base.startsWith('https:') ? sendSecure : send
    const outgoing = open(
      base,
      { method, path: query === '' ? path : `${path}?${query}`, headers: signed },
      (answer) => {
        const given: Record<string, string> = {}
        for (const [name, value] of Object.entries(answer.headers))
          if (value !== undefined && !HOP.has(name)) given[name] = Array.isArray(value) ? value.join(', ') : value
        resolve({ status: answer.statusCode ?? 502, headers: given, body: answer })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

// The name that was asked where it was one of AWS's; else the service's own, in the region that the request was signed for.
function addressOf(request: WireRequest, service: string): { host: string; region: string } {
  const asked = request.headers.host ?? ''
  const signable: Signable = request
  const region = readSignature(signable)?.region ?? regionOfName(asked) ?? 'us-east-1'
  const endpoint = ENDPOINTS[service] ?? service
  if (isAwsName(asked) && serviceOfName(asked) === endpoint) return { host: asked, region }
  const suffix = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
  return { host: `${endpoint}.${region}.${suffix}`, region }
}

// Where a service signs by another name than its endpoint's.
const ENDPOINTS: Readonly<Record<string, string>> = { ses: 'email' }

// Of one connection, or of the signature that is replaced.
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer', 'expect'])
const REPLACED = new Set(['authorization', 'host', 'content-length', 'x-amz-date', 'x-amz-security-token'])

function toKept(headers: WireRequest['headers']): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !HOP.has(name) && !REPLACED.has(name)) kept[name] = value
  return kept
}

const refuse = (status: number, code: string, message: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message }),
})
