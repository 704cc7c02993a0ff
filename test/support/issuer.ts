// An OpenID Connect issuer on a free port, for tests: its discovery document, its keys, and tokens signed with them.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

export interface Issuer {
  readonly url: string
  /** How often its keys were asked for. */
  readonly asked: () => number
  /** Makes a key and publishes it, unless it is to be kept. */
  addKey(kid: string, algorithm: string, published?: boolean): Promise<JWK>
  /** A token of this issuer, good for an hour from `now`, with these claims besides or instead. */
  token(kid: string, claims?: JWTPayload, now?: number): Promise<string>
  /** Bytes of padding in the key document. */
  pad(bytes: number): void
  close(): Promise<void>
}

interface Key {
  readonly algorithm: string
  readonly own: CryptoKey
}

/** Opens an issuer. `path` is what follows its origin, such as a user pool's id. */
export async function openIssuer(path = ''): Promise<Issuer> {
  const keys = new Map<string, Key>()
  const published: JWK[] = []
  let asked = 0
  let padding = ''
  const server = createServer((request, response) => {
    const known: Record<string, () => object> = {
      [`${path}/.well-known/openid-configuration`]: () => ({ issuer: url, jwks_uri: `${url}/.well-known/jwks.json` }),
      [`${path}/.well-known/jwks.json`]: () => {
        asked++
        return { keys: published, padding }
      },
    }
    const document = known[request.url ?? '']?.()
    response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(document ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

  return {
    url,
    asked: () => asked,
    addKey: async (kid, algorithm, shown = true) => {
      const { publicKey, privateKey } = await generateKeyPair(algorithm, { extractable: true })
      const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' }
      keys.set(kid, { algorithm, own: privateKey })
      if (shown) published.push(jwk)
      return jwk
    },
    token: async (kid, claims = {}, now = Date.now()) => {
      const key = keys.get(kid)
      if (key === undefined) throw new Error(`There is no key ${kid}.`)
      const seconds = Math.floor(now / 1000)
      const whole = { iss: url, sub: 'u1', iat: seconds - 10, exp: seconds + 3600, ...claims }
      return new SignJWT(whole).setProtectedHeader({ alg: key.algorithm, kid, typ: 'JWT' }).sign(key.own)
    },
    pad: (bytes) => {
      padding = 'x'.repeat(bytes)
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
