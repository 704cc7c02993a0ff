// The wall, from inside of a sandbox: what its code opens to AWS leads to the local cloud, to the machine's credentials nowhere.
import { BlockList, isIP, Socket } from 'node:net'
import { isAwsName } from './wall-names.ts'

interface Asked {
  readonly host?: string | null
  readonly port?: number | string
  readonly path?: string
  readonly servername?: string | null
  readonly lookup?: Lookup | undefined
  rejectUnauthorized?: boolean
}

type Found = string | readonly { readonly address: string }[]
type Told = (error: Error | null, found?: Found, family?: number) => void
type Lookup = (host: string, options: object, told: Told) => void

const WEB = new Set([80, 443])

/** Ports of this machine. */
export interface Ways {
  /** Where the local cloud takes what was meant for AWS, with TLS and without. */
  readonly wall: number
  /** The app's and the services', which do not speak TLS: code made for AWS asks an event's `domainName` by https. */
  readonly own: readonly number[]
}

/**
 * Puts the wall up around this thread; what it returns says where it leads.
 * Every way out is a socket in the end: http, https, http2, fetch and every library connect one by this method.
 */
export function raiseWall(): (ways: Ways) => void {
  let ways: Ways = { wall: 0, own: [] }
  const connect = Socket.prototype.connect
  const pass = (socket: Socket, given: readonly unknown[]): Socket => Reflect.apply(connect, socket, given)
  const walled = function (this: Socket, ...given: unknown[]): Socket {
    const { options, rest } = readAsked(given)
    // A socket of the file system leads nowhere else.
    if (options === undefined || options.path) return pass(this, given)
    const host = options.host || 'localhost'
    const servername = options.servername || ''
    if (isAwsName(host) || isAwsName(servername)) {
      const name = isAwsName(host) ? host : servername
      if (!WEB.has(Number(options.port))) return refuse(this, `${name}:${options.port}`)
      return pass(this, [toWall(this, options, ways), ...rest])
    }
    if ('encrypted' in this && LOOPBACK.has(bare(host)) && ways.own.includes(Number(options.port)))
      return pass(this, [toWall(this, options, ways), ...rest])
    if (isIP(bare(host)) > 0) return isMetadata(bare(host)) ? refuse(this, host) : pass(this, given)
    return pass(this, [{ ...options, lookup: guarded(options.lookup) }, ...rest])
  }
  Reflect.set(Socket.prototype, 'connect', walled)
  return (given) => {
    ways = given
  }
}

const HERE = { host: '127.0.0.1', lookup: undefined, localAddress: undefined, family: undefined }
const LOOPBACK = new Set(['localhost', '127.0.0.1', '::1'])

function toWall(socket: Socket, options: Asked, { wall }: Ways): Asked {
  // On the very object, TLS's own, that it looks into when the local cloud shows its certificate. Nothing else comes to be
  // trusted by it: the address is this machine's.
  if ('encrypted' in socket) options.rejectUnauthorized = false
  return { ...options, ...HERE, port: wall }
}

const bare = (host: string): string => host.replace(/^\[|\]$/g, '')

// `net.connect` hands over what it has read already, as a list in a list.
function readAsked(given: readonly unknown[]): { options: Asked | undefined; rest: unknown[] } {
  const [first, ...rest] = given
  if (Array.isArray(first)) {
    const [options, done] = first
    return { options: isAsked(options) ? options : undefined, rest: typeof done === 'function' ? [done] : [] }
  }
  if (isAsked(first)) return { options: first, rest }
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  if (!isPort) return { options: undefined, rest }
  const [host] = rest
  return typeof host === 'string'
    ? { options: { port: first, host }, rest: rest.slice(1) }
    : { options: { port: first }, rest }
}

const isAsked = (value: unknown): value is Asked => typeof value === 'object' && value !== null

// A name may lead to an address that is refused: one of metadata's own, a number in another notation, somebody's trick.
function guarded(lookup: Lookup | undefined): Lookup {
  return (host, options, told) => {
    const judge: Told = (error, found, family) => {
      const addresses = typeof found === 'string' ? [found] : (found ?? []).map(({ address }) => address)
      if (addresses.some(isMetadata)) void words(host).then(told)
      else told(error, found, family)
    }
    if (lookup !== undefined) lookup(host, options, judge)
    else void import('node:dns').then(({ default: dns }) => Reflect.apply(dns.lookup, dns, [host, options, judge]))
  }
}

let refused: BlockList | undefined

// Link-local is where instances (169.254.169.254), containers (169.254.170.2) and pods (169.254.170.23) find credentials.
function isMetadata(address: string): boolean {
  if (refused === undefined) {
    refused = new BlockList()
    refused.addSubnet('169.254.0.0', 16, 'ipv4')
    refused.addSubnet('::ffff:169.254.0.0', 112, 'ipv6')
    refused.addSubnet('fd00:ec2::', 32, 'ipv6')
  }
  const version = isIP(address)
  return version > 0 && refused.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

function refuse(socket: Socket, host: string): Socket {
  // What is written in the meantime waits for the connection, and hears of its end.
  Reflect.set(socket, 'connecting', true)
  void words(host).then((error) => socket.destroy(error))
  return socket
}

// Loaded when it is needed: most sandboxes never ask for what they must not have.
const words = async (host: string): Promise<Error> => (await import('../errors.ts')).problem('GOBLET_WALL', { host })
