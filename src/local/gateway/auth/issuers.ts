// The public keys of token issuers: found, fetched and kept as API Gateway does.
import type { JSONWebKeySet, JWSHeaderParameters, JWTVerifyGetKey } from 'jose'

export interface Issuers {
  /** Where `jwtVerify` finds the key of a token. Rejects when the issuer cannot be reached or says nothing of use. */
  keys(issuer: string, address?: string): JWTVerifyGetKey
}

// Limits of JWT authorizers: 1,500 ms and 150,000 bytes for an issuer's documents, which are kept for two hours.
const PATIENCE = 1500
const SIZE = 150_000
const KEPT = 2 * 3600_000
// A key that is not known yet may have been added since; strangers' tokens must not make a request each.
const COOLDOWN = 1000

/** `now` is the local cloud's clock. */
export function openIssuers(now: () => number): Issuers {
  const kept = new Map<string, { readonly at: number; readonly asked: number; readonly set: Promise<JSONWebKeySet> }>()

  const fetched = (issuer: string, address: string | undefined, again: boolean): Promise<JSONWebKeySet> => {
    const known = kept.get(issuer)
    const fresh = known !== undefined && now() - known.at < KEPT
    if (fresh && !(again && performance.now() - known.asked > COOLDOWN)) return known.set
    const set = fetchKeys(issuer, address)
    kept.set(issuer, { at: now(), asked: performance.now(), set })
    set.catch(() => kept.delete(issuer))
    return set
  }

  return {
    keys: (issuer, address) => async (header: JWSHeaderParameters, token) => {
      const { createLocalJWKSet, errors } = await import('jose')
      // Without its `kid`, API Gateway does not know which key a token was signed with.
      if (header.kid === undefined) throw new errors.JWKSNoMatchingKey()
      const find = async (again: boolean) => createLocalJWKSet(await fetched(issuer, address, again))(header, token)
      try {
        return await find(false)
      } catch (error) {
        if (error instanceof errors.JWKSNoMatchingKey) return find(true)
        throw error
      }
    },
  }
}

async function fetchKeys(issuer: string, address: string | undefined): Promise<JSONWebKeySet> {
  const { jwks_uri: found } =
    address === undefined
      ? await fetchDocument(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`)
      : { jwks_uri: address }
  if (typeof found !== 'string') throw new Error(`${issuer} does not say where its keys are.`)
  const { keys } = await fetchDocument(found)
  if (!Array.isArray(keys)) throw new Error(`${found} holds no keys.`)
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null) }
}

async function fetchDocument(url: string): Promise<Record<string, unknown>> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) })
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}.`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.byteLength
    // Counted while it comes, so that no issuer fills the memory.
    if (size > SIZE) throw new Error(`${url} is larger than ${SIZE} bytes.`)
    chunks.push(chunk)
  }
  const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'))
  if (typeof value !== 'object' || value === null) throw new Error(`${url} is no JSON object.`)
  return { ...value }
}
