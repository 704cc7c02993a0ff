// Why a stack failed: the first cause among all that followed from it, and the way out where it is known.
import { type GobletError, problem, type Where } from '../errors.ts'
import type { Happening } from './stack.ts'

// What CloudFormation did because something else had failed.
const FOLLOWED = /cancelled|^The following resource\(s\) failed|^Embedded stack .* was not|Rollback requested/i

/** The earliest failure that followed from no other one. */
export function firstCause(happened: readonly Happening[]): Happening | undefined {
  const failed = happened
    .filter(({ status }) => status.endsWith('_FAILED'))
    .sort((left, right) => left.time - right.time)
  return (
    failed.find(({ reason, type }) => !FOLLOWED.test(reason) && type !== 'AWS::CloudFormation::Stack') ??
    failed.find(({ reason }) => !FOLLOWED.test(reason)) ??
    failed[0]
  )
}

const WAYS: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [
    /not authorized to perform:? ([\w-]+:\w+)|AccessDenied|Access Denied/i,
    ([, action]) =>
      `Whoever deploys lacks ${action === undefined ? 'a permission' : `\`${action}\``}: \`goblet doctor\` prints the policy that it takes.`,
  ],
  [
    /already has a variable path part/i,
    () =>
      'A path parameter got another name, and API Gateway takes no two at one place: deploy once without the routes of it, then with them.',
  ],
  [
    /issuer must have a valid discovery endpoint|openid-configuration/i,
    () =>
      'API Gateway reads `<issuer>/.well-known/openid-configuration` when the authorizer is made: name the issuer exactly as its tokens do, and let that be reached from the internet.',
  ],
  [
    /already exists/i,
    () =>
      'Something of that name is there which this stack did not make. Remove it, name yours differently, or refer to it with `{ existing: true }`.',
  ],
  [
    /UnreservedConcurrentExecution below its minimum/i,
    () => 'The account has not so much concurrency to reserve: lower `concurrency`, or ask AWS for a higher quota.',
  ],
  [
    /LimitExceeded|limit exceeded|quota|maximum number of|TooMany/i,
    () =>
      'A quota of the account is used up: remove what is not needed, or ask for more in the Service Quotas console.',
  ],
  [
    /Unzipped size must be smaller|CodeStorageExceeded|code size/i,
    () =>
      'The code is too large for Lambda (250 MB unzipped, with its layers): leave packages out, or make it a container image with `goblet image`.',
  ],
  [
    /throttl|rate exceeded|timed out|time out|not stabilize|internal failure|ServiceUnavailable/i,
    () => 'That passes: run the same command again.',
  ],
]

/** What is to be done about it. */
export function wayOut(reason: string): string {
  for (const [pattern, say] of WAYS) {
    const found = pattern.exec(reason)
    if (found !== null) return say(found)
  }
  return 'Mend what it says, and deploy again: nothing is left half done.'
}

/** A failed stack as a complaint, with the line that declares what failed first where that is known. */
export function failureOf(
  stack: string,
  state: { readonly status: string; readonly reason: string },
  happened: readonly Happening[],
  places: ReadonlyMap<string, Where> = new Map(),
): GobletError {
  const cause = firstCause(happened)
  const reason = cause?.reason || state.reason || 'CloudFormation gives no reason'
  const where = places.get(cause?.id ?? '')
  if (/ROLLBACK_FAILED$|^DELETE_FAILED$|^(CREATE|UPDATE)_FAILED$/.test(state.status))
    return problem('GOBLET_STACK_STUCK', { stack, state: state.status, reason: sentence(reason) }, where)
  const [resource, kind] = [cause?.id ?? stack, cause?.type ?? 'AWS::CloudFormation::Stack']
  const told = { stack, state: state.status, resource, kind, reason: sentence(reason), mend: wayOut(reason) }
  return problem('GOBLET_STACK_FAILED', told, where)
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`)
