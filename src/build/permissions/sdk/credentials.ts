// Whose credentials a client uses, and where it sends: only what is done in the function's own name on AWS needs a grant.
import { ANYTHING, type Atom, just, native, type Values } from '../atoms.ts'
import { tagOf } from '../facts.ts'
import { Thing } from '../heap.ts'
import { argument, type Given, type Site } from '../machine.ts'
import type { ClientTag } from '../tags.ts'
import { isAbsent } from '../values.ts'

const OWN =
  /^(?:fromNodeProviderChain|fromEnv|fromContainerMetadata|fromInstanceMetadata|fromIni|fromHttp|defaultProvider|createCredentialChain)$/

/** An export of `@aws-sdk/credential-providers`. */
export function credentialsOf(name: string | undefined): Values {
  const id = `credentials.${name ?? '*'}`
  if (name === 'fromTemporaryCredentials') {
    const call = (handed: Given, site: Site): Values => {
      const { machine } = site
      const input = machine.read(argument(handed, 0), ['params'], site)
      machine.facts.operation({ service: 'sts', operation: 'AssumeRole', input, client: undefined }, site)
      return FOREIGN
    }
    return just(native(id, { call }))
  }
  const own = name !== undefined && OWN.test(name)
  return just(native(id, { call: () => (own ? MINE : FOREIGN) }))
}

const MINE: Values = just(native('credentials:own', { tag: { type: 'credentials', own: true }, call: () => ANYTHING }))
const FOREIGN: Values = just(
  native('credentials:foreign', { tag: { type: 'credentials', own: false }, call: () => ANYTHING }),
)

/** Whether what a client does is done in the function's own name, on AWS. Where that is open, it is. */
export function isOwn({ config }: ClientTag): boolean {
  const things = [...config.values.values()].filter((atom) => atom instanceof Thing)
  // A client of which nothing more is known, or that is made with nothing.
  if (things.length === 0 || things.length < config.values.size) return true
  return things.some((thing) => hasOwnCredentials(thing) && isOnAws(thing))
}

function memberOf(thing: Thing, name: string): Atom[] {
  const own = [...thing.own(name, undefined).values()]
  if (own.length > 0) return own
  return [...thing.bases.see(undefined).values()].flatMap((base) => (base instanceof Thing ? memberOf(base, name) : []))
}

function hasOwnCredentials(config: Thing): boolean {
  const all = memberOf(config, 'credentials')
  return all.length === 0 || all.some(isOwnCredentials)
}

function isOwnCredentials(atom: Atom): boolean {
  if (isAbsent(atom)) return true
  const tag = tagOf(atom)
  if (tag?.type === 'credentials') return tag.own
  if (atom.kind === 'unknown') return !/^sts\./.test(atom.path)
  if (!(atom instanceof Thing)) {
    if (atom.kind === 'function') return false
    return true
  }
  const keys = memberOf(atom, 'accessKeyId')
  // Its own come from the environment that Lambda gives it.
  return (
    keys.length === 0 ||
    keys.some((key) => key.kind === 'unknown' && key.origin === 'environment' && key.path === 'AWS_ACCESS_KEY_ID')
  )
}

/** The regions that a client is made for; undefined among them: the function's own. */
export function regionsOf({ config }: ClientTag): (string | undefined)[] {
  const things = [...config.values.values()].flatMap((atom) => (atom instanceof Thing ? [atom] : []))
  const given = things.flatMap((thing) => {
    const all = memberOf(thing, 'region')
    return all.length === 0 ? [undefined] : all.map(regionIn)
  })
  return given.length === 0 ? [undefined] : [...new Set(given)]
}

const regionIn = (atom: Atom): string | undefined =>
  atom.kind === 'known' && typeof atom.value === 'string' && /^[a-z]{2}(?:-[a-z]+)+-\d+$/.test(atom.value)
    ? atom.value
    : undefined

const AWS_HOST = /\.(?:amazonaws\.com(?:\.cn)?|api\.aws|aws\.dev|on\.aws)$/

function isOnAws(config: Thing): boolean {
  const all = memberOf(config, 'endpoint')
  return all.length === 0 || all.some(isAwsEndpoint)
}

function isAwsEndpoint(atom: Atom): boolean {
  if (atom.kind !== 'known' && atom.kind !== 'text') return true
  if (atom.kind === 'known' && typeof atom.value !== 'string') return true
  const parts = atom.kind === 'known' ? [String(atom.value)] : atom.parts
  const host =
    /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?([^/:?#]*)/i.exec(parts.map((part) => part ?? '\0').join(''))?.[1] ?? ''
  // A host that is not told whole may be AWS's.
  if (host.includes('\0')) return !/^(?:localhost|127\.|0\.0\.0\.0)/.test(host)
  return host === '' || AWS_HOST.test(host)
}
