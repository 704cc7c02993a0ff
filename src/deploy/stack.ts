// The stack as CloudFormation tells it: its state, its template, and what happens to it while somebody waits.
import type { Stack, StackEvent } from '@aws-sdk/client-cloudformation'
import { problem } from '../errors.ts'
import type { Clients } from './clients.ts'
import { pause } from './pause.ts'
import { isMissingStack } from './refused.ts'
import type { Report } from './report.ts'
import type { Template } from './template.ts'

export interface StackState {
  readonly id: string
  readonly name: string
  /** `UPDATE_COMPLETE`. */
  readonly status: string
  readonly reason: string
  readonly outputs: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
  /** When CloudFormation last changed it. */
  readonly changed: Date | undefined
}

/** By name or id; undefined: there is none. */
export async function readStack({ cloudformation }: Clients, name: string): Promise<StackState | undefined> {
  try {
    const { Stacks = [] } = await cloudformation.describeStacks({ StackName: name })
    const [stack] = Stacks
    return stack === undefined || stack.StackStatus === 'DELETE_COMPLETE' ? undefined : toState(stack)
  } catch (error) {
    if (isMissingStack(error)) return undefined
    throw error
  }
}

function toState(stack: Stack): StackState {
  const { StackId: id = '', StackName: name = '', StackStatus: status = '', StackStatusReason: reason = '' } = stack
  const outputs = new Map((stack.Outputs ?? []).map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']))
  const tags = new Map((stack.Tags ?? []).map((one) => [one.Key ?? '', one.Value ?? '']))
  return { id, name, status, reason, outputs, tags, changed: stack.LastUpdatedTime ?? stack.CreationTime }
}

/** As it was given; undefined where there is none that Goblet could have written. */
export async function readTemplate({ cloudformation }: Clients, stack: string): Promise<Template | undefined> {
  try {
    const answer = await cloudformation.getTemplate({ StackName: stack, TemplateStage: 'Original' })
    const template: unknown = JSON.parse(answer.TemplateBody ?? '')
    return isTemplate(template) ? template : undefined
  } catch (error) {
    if (error instanceof SyntaxError || isMissingStack(error)) return undefined
    throw error
  }
}

const isTemplate = (value: unknown): value is Template =>
  typeof value === 'object' && value !== null && 'Resources' in value && typeof value.Resources === 'object'

/** The physical id of every resource that the stack has made, by its logical id. */
export async function readResources({ cloudformation }: Clients, stack: string): Promise<StackResource[]> {
  const found: StackResource[] = []
  let token: string | undefined
  do {
    const page = await cloudformation.listStackResources({ StackName: stack, NextToken: token })
    for (const one of page.StackResourceSummaries ?? []) {
      const { LogicalResourceId: id = '', PhysicalResourceId: physicalId = '', ResourceType: type = '' } = one
      found.push({ id, physicalId, type, status: one.ResourceStatus ?? '' })
    }
    token = page.NextToken
  } while (token !== undefined && token !== '')
  return found
}

export interface StackResource {
  readonly id: string
  readonly physicalId: string
  readonly type: string
  readonly status: string
}

export const isUnderWay = (status: string): boolean =>
  status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS'

/** What became of a resource, by CloudFormation. */
export interface Happening {
  readonly stack: string
  readonly id: string
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly time: number
}

export interface Follow {
  /** Those known before the work began are not told. */
  readonly known: ReadonlySet<string>
  readonly report: Report
  readonly signal: AbortSignal | undefined
  /** It has come so far that nothing waits for the rest: CloudFormation may still be removing what was replaced. */
  readonly isEnough?: (status: string) => boolean
}

const PAUSES = [200, 300, 500, 1000, 1500, 2000, 3000, 5000]

/** The ids of the events so far, so that they are not taken for those of what comes. */
export async function knownEvents(clients: Clients, stack: string): Promise<Set<string>> {
  const events = await readEvents(clients, stack, new Set())
  return new Set(events.map((one) => one.EventId ?? ''))
}

/** Waits until nothing is under way, telling what happens. The state undefined: the stack is gone. */
export async function follow(
  clients: Clients,
  stackId: string,
  { known, report, signal, isEnough = () => false }: Follow,
): Promise<{ state: StackState | undefined; happened: Happening[] }> {
  const seen = new Set(known)
  // Each with the time from which its events are of this work.
  const stacks = new Map([[stackId, 0]])
  const begun = new Map<string, number>()
  const happened: Happening[] = []
  const since = Date.now()
  let isBegun = false
  const hear = async () => {
    for (const [stack, from] of stacks)
      for (const event of inOrder(await readEvents(clients, stack, seen, from))) {
        const one = toHappening(event)
        happened.push(one)
        const { ResourceType, PhysicalResourceId: id, StackId } = event
        // A part that was there before has events of earlier works, which are nobody's matter now.
        if (ResourceType === NESTED && id && id !== StackId && !stacks.has(id))
          stacks.set(id, one.status.startsWith('CREATE') ? 0 : one.time)
        tell(one, begun, report)
      }
  }
  for (let turn = 0; ; turn++) {
    await hear()
    const state = await readStack(clients, stackId)
    const status = state?.status ?? 'DELETE_COMPLETE'
    // Right after a call the old state may still be told: what is heard before the state is read tells that it is not.
    isBegun ||= isUnderWay(status) || state === undefined || happened.length > 0 || Date.now() - since > SLOW_START
    if (isBegun && (!isUnderWay(status) || isEnough(status))) {
      await hear()
      return { state, happened }
    }
    await pause(PAUSES[Math.min(turn, PAUSES.length - 1)] ?? 5000, signal, () =>
      problem('GOBLET_DEPLOY_STOPPED', { stack: state?.name ?? stackId, state: status }),
    )
  }
}

const SLOW_START = 20_000

// CloudFormation tells the newest first. Of the same moment, what begins comes before what ends, and the stack ends last.
function inOrder(events: readonly StackEvent[]): StackEvent[] {
  const rank = ({ ResourceStatus: status, PhysicalResourceId, StackId }: StackEvent): number =>
    status?.endsWith('_IN_PROGRESS') ? 0 : PhysicalResourceId === StackId ? 2 : 1
  const time = ({ Timestamp }: StackEvent): number => Timestamp?.getTime() ?? 0
  return [...events].reverse().sort((left, right) => time(left) - time(right) || rank(left) - rank(right))
}

const NESTED = 'AWS::CloudFormation::Stack'

// Newest first, up to those that are known, or older than `from`; all of them become known.
async function readEvents(
  { cloudformation }: Clients,
  stack: string,
  seen: Set<string>,
  from = 0,
): Promise<StackEvent[]> {
  const events: StackEvent[] = []
  let token: string | undefined
  do {
    const page = await cloudformation.describeStackEvents({ StackName: stack, NextToken: token }).catch((error) => {
      if (isMissingStack(error)) return undefined
      throw error
    })
    if (page === undefined) return events
    const fresh = (page.StackEvents ?? []).filter(
      ({ EventId = '', Timestamp }) => !seen.has(EventId) && (Timestamp?.getTime() ?? 0) >= from,
    )
    for (const one of fresh) seen.add(one.EventId ?? '')
    events.push(...fresh)
    token = fresh.length === (page.StackEvents ?? []).length ? page.NextToken : undefined
  } while (token !== undefined && token !== '')
  return events
}

function toHappening(event: StackEvent): Happening {
  return {
    stack: event.StackName ?? '',
    id: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
    time: event.Timestamp?.getTime() ?? 0,
  }
}

function tell({ stack, id, type, status, reason, time }: Happening, begun: Map<string, number>, report: Report): void {
  const which = `${stack}/${id}`
  const works = status.endsWith('_IN_PROGRESS')
  if (works && !begun.has(which)) begun.set(which, time)
  const since = begun.get(which)
  if (!works) begun.delete(which)
  const seconds = works || since === undefined ? undefined : Math.max(0, (time - since) / 1000)
  report({ what: 'resource', stack, id, type, status, reason: reason === '' ? undefined : reason, seconds })
}
