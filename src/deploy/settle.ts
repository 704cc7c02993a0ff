// Brings the stack to where a template says, from whatever state it was left in.
import { createHash } from 'node:crypto'
import { GobletError } from '../errors.ts'
import { type Place, type Upload, upload } from './artifacts.ts'
import { objectUrl } from './bucket.ts'
import { askForChanges, type ChangeSet, makeChanges, type TemplateSource } from './changes.ts'
import type { Clients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import { failureOf, firstCause } from './failures.ts'
import { type Guarding, refusalsOf } from './guard.ts'
import type { Report } from './report.ts'
import { follow, isUnderWay, knownEvents, readStack, type StackState } from './stack.ts'
import type { Template } from './template.ts'

export interface Settling {
  readonly place: Place
  readonly report: Report
  readonly signal: AbortSignal | undefined
  /** Asked before every change. */
  readonly check: () => void
  /** What must not be replaced or removed; undefined: anything may be. */
  readonly guarding?: Guarding | undefined
}

/** Waits until nothing is under way, and leaves behind the states from which nothing can be changed. */
export async function usable(
  clients: Clients,
  name: string,
  { report, signal, check }: Settling,
): Promise<StackState | undefined> {
  const { cloudformation } = clients
  for (;;) {
    const state = await readStack(clients, name)
    if (state === undefined) return undefined
    const { id, status } = state
    if (!isUnderWay(status) && !DEAD.has(status) && status !== 'UPDATE_ROLLBACK_FAILED') return state
    const known = await knownEvents(clients, id)
    if (isUnderWay(status)) {
      report({ what: 'waiting', reason: `${name} is in ${status}` })
    } else if (DEAD.has(status)) {
      // CloudFormation User Guide, "Stack statuses": a stack that never came to be can only be deleted.
      check()
      report({ what: 'note', message: `${name} is left in ${status}; it is removed first.` })
      await cloudformation.deleteStack({ StackName: name })
    } else {
      check()
      report({ what: 'note', message: `${name} could not be put back before (${status}); that is tried again first.` })
      await cloudformation.continueUpdateRollback({ StackName: name })
    }
    const after = await follow(clients, id, { known, report, signal })
    const isStuck = after.state?.status === status && !isUnderWay(status)
    if (isStuck && after.state !== undefined) throw failureOf(name, after.state, after.happened)
  }
}

const DEAD: ReadonlySet<string> = new Set(['ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'CREATE_FAILED', 'DELETE_FAILED'])

// "The provided execution role does not have permissions to call ReceiveMessage on SQS": a role's policy is everywhere only
// some seconds after it was made, and CloudFormation does not always wait for it.
const TOO_EARLY = /execution role does not have permissions|cannot be assumed by Lambda/i
const TRIES = 3

/** Asks for the changes and makes them; false: there were none. Throws GOBLET_STACK_FAILED with the first cause. */
export async function update(
  clients: Clients,
  deployment: Pick<Deployment, 'stack' | 'app' | 'stage'>,
  template: Template,
  settling: Settling,
): Promise<boolean> {
  const { report, signal, check } = settling
  const { stack: name, app, stage } = deployment
  const source = await toSource(clients, template, settling)
  for (let tries = 1; ; tries++) {
    const state = await usable(clients, name, settling)
    check()
    const isNew = state === undefined || state.status === 'REVIEW_IN_PROGRESS'
    const tags = { 'goblet:app': app, 'goblet:stage': stage }
    const changes = await askForChanges(clients, { stack: name, isNew, source, tags, signal })
    if (changes === undefined) return false
    await refuse(clients, changes, settling)
    const known = await knownEvents(clients, changes.stackId)
    check()
    await makeChanges(clients, changes)
    // What was replaced is removed after everything new works: nothing waits for that.
    const isEnough = (status: string) => status === 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
    const { state: after, happened } = await follow(clients, changes.stackId, { known, report, signal, isEnough })
    if (after !== undefined && /^(CREATE|UPDATE|IMPORT)_COMPLETE/.test(after.status)) return true
    const reason = firstCause(happened)?.reason ?? ''
    if (tries === TRIES || !TOO_EARLY.test(reason))
      throw failureOf(name, after ?? { status: 'DELETE_COMPLETE', reason: '' }, happened, settling.guarding?.places)
    report({ what: 'note', message: `A new role is not known everywhere yet (${reason}); it is tried again.` })
  }
}

async function refuse({ cloudformation }: Clients, { id, changes }: ChangeSet, { guarding }: Settling): Promise<void> {
  const refusals = guarding === undefined ? [] : refusalsOf(changes, guarding)
  if (refusals.length === 0) return
  await cloudformation.deleteChangeSet({ ChangeSetName: id })
  throw new GobletError(refusals)
}

// CloudFormation quotas: a template in the call has 51,200 bytes at most; in a bucket 1 MB.
const MOST_BYTES = 51_200

async function toSource(clients: Clients, template: Template, { place }: Settling): Promise<TemplateSource> {
  const body = JSON.stringify(template)
  if (Buffer.byteLength(body) <= MOST_BYTES) return { TemplateBody: body }
  const one = toUpload(templateKey(place, template), template)
  await upload(clients, { ...place, prefix: one.key }, [one], () => {})
  return { TemplateURL: await objectUrl(clients, place.bucket, one.key) }
}

/** Where a template is put: its content's hash is in it. */
export function templateKey({ prefix }: Place, template: Template): string {
  const hash = createHash('sha256').update(JSON.stringify(template)).digest('hex')
  return `${prefix}templates/${hash.slice(0, 32)}.json`
}

/** A template as an object of the artifact bucket. */
export function toUpload(key: string, template: Template): Upload {
  const bytes = Buffer.from(JSON.stringify(template))
  const sha256 = createHash('sha256').update(bytes).digest('base64')
  return { key, name: key.split('/').at(-1) ?? key, size: bytes.length, sha256, bytes: async () => bytes }
}
