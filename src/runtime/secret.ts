// `secret(name, options)` and `param(name, options)`: values that are kept outside of the code.
import { type DECLARATION, type Declaration, declare } from './declare.ts'
import { arnOf, type Placement, placed } from './place.ts'

interface Remembered {
  /** Seconds that a function remembers the value, 0 to 86,400. Default 300. */
  ttl?: number
  /** The value on the local cloud, where nobody has put another. Never deployed. */
  local?: string
  description?: string
}

export interface SecretOptions extends Placement, Remembered {
  /** How its first value is made: a random password, alone or as `key` of a JSON object with what `template` holds. */
  generate?: boolean | { length?: number; exclude?: string; key?: string; template?: Readonly<Record<string, string>> }
}

export interface ValueOptions {
  /** Asks again, whatever is remembered. Default: false. */
  fresh?: boolean
}

export interface Secret extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Its current value; remembered for a while. */
  value(options?: ValueOptions): Promise<string>
  /** Its current value, which is JSON. */
  json<Value = unknown>(options?: ValueOptions): Promise<Value>
}

/** A value that is asked for once in a while; who comes meanwhile waits for the same answer. */
function remembered<Value>(ttl: number, read: () => Promise<Value>): (options?: ValueOptions) => Promise<Value> {
  let last: { readonly until: number; readonly value: Promise<Value> } | undefined
  return ({ fresh = false } = {}) => {
    if (!fresh && last !== undefined && Date.now() < last.until) return last.value
    const value = read()
    const asked = { until: Date.now() + ttl * 1000, value }
    last = asked
    value.catch(() => {
      // A failure is not remembered.
      if (last === asked) last = undefined
    })
    return value
  }
}

const TTL = 300

/**
 * Declares a secret of Secrets Manager. Nothing is read before `value()` is called.
 *
 * @example
 * export const stripe = secret('stripe-key', { existing: true, local: 'sk_test_1' })
 * // elsewhere: await stripe.value()
 */
export function secret(name: string, options: SecretOptions = {}): Secret {
  const handle: Secret = declare<Omit<Secret, typeof DECLARATION>>(
    {
      get name() {
        return placed(name, options)
      },
      get arn() {
        // AWS adds six characters that nobody knows; policies name it so.
        return arnOf(name, 'secretsmanager', `secret:${handle.name}-??????`)
      },
      value: remembered(options.ttl ?? TTL, async () =>
        (await import('./values.ts')).readSecret(name.startsWith('arn:') ? name : handle.name),
      ),
      async json<Value>(asking?: ValueOptions): Promise<Value> {
        return JSON.parse(await handle.value(asking))
      },
    },
    { role: 'resource', kind: 'secret', name, options },
  )
  return handle
}

export interface ParamOptions extends Placement, Remembered {
  /** Its value, where the app makes it. */
  value?: string
  /** Default `String`. CloudFormation makes no `SecureString`: that takes `existing: true`. */
  type?: 'String' | 'StringList' | 'SecureString'
}

export interface Param<Value> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Its current value, decrypted; remembered for a while. */
  value(options?: ValueOptions): Promise<Value>
}

/**
 * Declares a parameter of Parameter Store. Nothing is read before `value()` is called.
 *
 * @example
 * export const limit = param('limit', { value: '100' })
 * export const host = param('/shared/host', { existing: true, local: 'localhost' })
 * // elsewhere: Number(await limit.value())
 */
export function param(name: string, options: ParamOptions & { type: 'StringList' }): Param<string[]>
export function param(name: string, options?: ParamOptions): Param<string>
export function param(name: string, options: ParamOptions = {}): Param<string | string[]> {
  const handle: Param<string | string[]> = declare<Omit<Param<string | string[]>, typeof DECLARATION>>(
    {
      get name() {
        return placed(name, options)
      },
      get arn() {
        return arnOf(name, 'ssm', `parameter${handle.name.startsWith('/') ? '' : '/'}${handle.name}`)
      },
      value: remembered(options.ttl ?? TTL, async () => {
        const value = await (await import('./values.ts')).readParameter(handle.name)
        return options.type === 'StringList' ? value.split(',') : value
      }),
    },
    { role: 'resource', kind: 'param', name, options },
  )
  return handle
}
