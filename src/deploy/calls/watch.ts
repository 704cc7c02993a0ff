// What is noted of every call of AWS: its name, for the count; AWS's time; and whose it was when it failed.
import { problem } from '../../errors.ts'

/** One call that was made: `Lambda.UpdateAlias`. */
export interface Call {
  readonly name: string
  /** It may change something. */
  readonly mutates: boolean
}

export interface Watch {
  readonly calls: readonly Call[]
  now(): number
  skew(): number | undefined
  /** To be put into a client, at the outermost step: it sees each call once, however often it is tried. */
  over(service: string): Middleware
}

type Middleware = <Args, Answer>(
  next: (args: Args) => Promise<Answer>,
  context: { readonly commandName?: string },
) => (args: Args) => Promise<Answer>

const READS = /^(Get|List|Describe|Head|Detect|Validate)/

const operations = new WeakMap<object, string>()

/** `Lambda.UpdateAlias`, of an error that a call ended with. */
export const operationOf = (error: unknown): string =>
  (typeof error === 'object' && error !== null ? operations.get(error) : undefined) ?? 'A call of AWS'

export function openWatch(profile: string): Watch {
  const calls: Call[] = []
  let skew: number | undefined
  const time = (answer: unknown) => {
    const told = Date.parse(String(field(field(answer, 'headers'), 'date') ?? ''))
    if (!Number.isNaN(told)) skew = told - Date.now()
  }
  const over =
    (service: string): Middleware =>
    (next, { commandName = 'UnknownCommand' }) =>
    async (args) => {
      const operation = commandName.replace(/Command$/, '')
      calls.push({ name: `${service}.${operation}`, mutates: !READS.test(operation) })
      try {
        const answer = await next(args)
        time(field(answer, 'response'))
        return answer
      } catch (error) {
        time(field(error, '$response'))
        if (typeof error === 'object' && error !== null) operations.set(error, `${service}.${operation}`)
        throw withoutCredentials(error, profile) ?? error
      }
    }
  return { calls, now: () => Date.now() + (skew ?? 0), skew: () => skew, over }
}

// Names of one thing in several protocols. Source: "Common error types" of STS, Lambda and CloudFormation, S3's "Error responses".
const REFUSED =
  /^(InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature(Exception)?|AuthFailure|InvalidToken|RequestExpired|RequestTimeTooSkewed)$/

// The SDK's chain says neither which profile it looked for nor how to sign in.
function withoutCredentials(error: unknown, profile: string): Error | undefined {
  if (!(error instanceof Error)) return undefined
  const isExpired =
    /^(ExpiredToken|ExpiredTokenException|TokenRefreshRequired)$/.test(error.name) ||
    (/^(CredentialsProviderError|TokenProviderError|InvalidGrantException|UnauthorizedException)$/.test(error.name) &&
      /expired|refresh|sso|login/i.test(error.message))
  if (isExpired) return problem('GOBLET_CREDENTIALS_EXPIRED', { profile, problem: error.message })
  if (REFUSED.test(error.name)) return problem('GOBLET_CREDENTIALS_REFUSED', { profile, problem: error.message })
  return error.name === 'CredentialsProviderError' ? problem('GOBLET_NO_CREDENTIALS', { profile }) : undefined
}

/** A field of what may be anything. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
