// Brings an app to AWS: from whatever is there, however far an earlier try came, to what the deployment says.
import { problem } from '../errors.ts'
import { bridgeOf } from './apis/rest-bridge.ts'
import { upload } from './artifacts.ts'
import { artifactBucket, ensureBucket } from './bucket.ts'
import type { Caller } from './caller.ts'
import { type Canary, goLiveSlowly } from './canary.ts'
import type { Clients } from './clients.ts'
import type { Deployment } from './deployment.ts'
import type { Guarding } from './guard.ts'
import { continued, deployId, shortName } from './history.ts'
import { formerBuckets, pendingListeners, putListeners } from './listeners.ts'
import type { LiveFunction } from './live.ts'
import { hold, sweep } from './lock.ts'
import { without } from './mend.ts'
import { inParallel } from './parallel.ts'
import { wholeOf } from './plan.ts'
import { moveAlias, publish, pushed, type Ready } from './publish.ts'
import { worded } from './refused.ts'
import type { Report } from './report.ts'
import { type Settling, toUpload, update, usable } from './settle.ts'
import { type FunctionTask, readSituation, type Situation, type Tasks, tasksOf } from './situation.ts'
import { smoke } from './smoke.ts'

export interface DeployOptions {
  readonly caller: Caller
  /** For others who find the stack held: `goblet deploy --stage prod`. */
  readonly command: string
  readonly report: Report
  /** Ends the waiting; AWS goes on with what it was told. */
  readonly signal?: AbortSignal | undefined
  /** What to ask after all is live, from the stack's outputs: a 5xx takes the functions back. Undefined: nothing. */
  readonly smoke?: ((outputs: ReadonlyMap<string, string>) => string | undefined) | undefined
  /** What must not be replaced or removed. */
  readonly guarding?: Guarding | undefined
  /** Logical ids of what another hand deleted, beside functions and what is theirs: those are always looked for. */
  readonly deleted?: readonly string[] | undefined
  /** New versions get a part of the calls first. */
  readonly canary?: Canary | undefined
}

export interface DeployedFunction {
  readonly name: string
  readonly physicalName: string
  /** Live now. */
  readonly version: string
  /** Live before; undefined: it is new. */
  readonly before: string | undefined
  /** Callers get something else than before. */
  readonly changed: boolean
}

export interface DeployResult {
  /** `nothing`: no call was made that could change anything. `code`: CloudFormation was not asked. */
  readonly did: 'nothing' | 'code' | 'stack'
  readonly outputs: ReadonlyMap<string, string>
  readonly functions: readonly DeployedFunction[]
  readonly seconds: number
  /** Of AWS; and how many of them could change something. */
  readonly calls: number
  readonly mutations: number
}

/** Throws GobletErrors only, for whatever AWS refuses. */
export function deploy(clients: Clients, deployment: Deployment, options: DeployOptions): Promise<DeployResult> {
  return worded(async () => {
    const begun = Date.now()
    const already = clients.calls.length
    const result = await deployed(clients, deployment, options)
    const calls = clients.calls.slice(already)
    const seconds = (Date.now() - begun) / 1000
    return { ...result, seconds, calls: calls.length, mutations: calls.filter((one) => one.mutates).length }
  })
}

type Done = Pick<DeployResult, 'did' | 'outputs' | 'functions'>

async function deployed(clients: Clients, deployment: Deployment, options: DeployOptions): Promise<Done> {
  const { account, stack } = deployment
  const first = await readSituation(clients, deployment)
  const tasks = tasksOf(deployment, first, options.deleted)
  if (!tasks.stack && !tasks.functions.some((one) => one.publish)) {
    const pending = await pendingListeners(clients, deployment, formerOf(first))
    if (pending.size === 0) {
      await sweep(clients, { bucket: artifactBucket(account, clients.region), account, stack })
      return { did: 'nothing', outputs: outputsOf(first), functions: first.functions.map(unmoved) }
    }
  }
  const bucket = await ensureBucket(clients, account)
  const { caller, command, report, signal } = options
  const held = await hold(clients, { bucket, account, stack }, { who: caller.arn, command }, report)
  const check = () => {
    held.check()
    if (signal?.aborted) throw problem('GOBLET_DEPLOY_STOPPED', { stack, state: 'between two steps' })
  }
  const place = { bucket, account, prefix: `${deployment.app}/${deployment.stage}/` }
  try {
    return await bring(clients, deployment, options, { place, report, signal, check, guarding: options.guarding })
  } finally {
    // Who is told why the deploy ended need not hear of this: a hold that nobody renews ends by itself.
    await held.release().catch(() => {})
  }
}

async function bring(
  clients: Clients,
  deployment: Deployment,
  options: DeployOptions,
  settling: Settling,
): Promise<Done> {
  await usable(clients, deployment.stack, settling)
  // Somebody may have worked on it until the lock was ours.
  const before = await readSituation(clients, deployment)
  const tasks = tasksOf(deployment, before, options.deleted)
  if (tasks.stack) await bringStack(clients, deployment, { tasks, standing: before.standing }, settling)
  const after = tasks.stack ? await readSituation(clients, deployment) : before
  const pending = tasksOf(deployment, after).functions.filter((one) => one.publish)
  if (!tasks.stack) await sendCode(clients, pending, settling)
  const ready = await inParallel(pending, 5, (task) =>
    publish(clients, withFormer(task, before), { ...settling, bucket: settling.place.bucket }),
  )
  const moved = await goLive(clients, { deployment, after, ready, options, settling })
  await putListeners(clients, await pendingListeners(clients, deployment, formerOf(before)), settling.check)
  const outputs = outputsOf(after)
  await test(clients, { moved, outputs, options, check: settling.check })
  const functions = after.functions.map((one) => moved.find(({ live }) => live.name === one.name)?.told ?? unmoved(one))
  return { did: tasks.stack ? 'stack' : 'code', outputs, functions }
}

/** What CloudFormation does; every template and all code is there before it is asked. */
async function bringStack(
  clients: Clients,
  deployment: Deployment,
  { tasks, standing }: { readonly tasks: Tasks; readonly standing: Situation['standing'] },
  settling: Settling,
): Promise<void> {
  const { template, nested, artifacts } = deployment
  if (tasks.missing.length > 0 && nested.size > 0)
    throw problem('GOBLET_PART_MISSING', { missing: tasks.missing.join(', ') })
  const parts = [...nested].map(([key, part]) => toUpload(key, part))
  const zips = artifacts.map((one) => ({ ...one, name: one.function }))
  await upload(clients, settling.place, [...parts, ...zips], settling.report)
  const bridge = nested.size > 0 || standing.template === undefined ? undefined : bridgeOf(standing.template, template)
  if (tasks.missing.length > 0) {
    const message = `Somebody deleted ${tasks.missing.join(', ')}; it is made again, in two steps.`
    settling.report({ what: 'note', message })
    await update(clients, deployment, without(bridge ?? template, tasks.missing), settling)
  } else if (bridge !== undefined) {
    const message =
      'Path parameters of the REST API have other names: that takes two steps, the second of which is seen.'
    settling.report({ what: 'note', message })
    await update(clients, deployment, bridge, settling)
  }
  await update(clients, deployment, template, settling)
}

async function sendCode(clients: Clients, pending: readonly FunctionTask[], settling: Settling): Promise<void> {
  const artifacts = pending.flatMap(({ code, artifact }) => (code && artifact !== undefined ? [artifact] : []))
  const zips = artifacts.map((one) => ({ ...one, name: one.function }))
  await upload(clients, settling.place, zips, settling.report)
}

// CloudFormation never moves an alias; but where one was made anew, only what was read before knows what was live.
function withFormer(task: FunctionTask, before: Situation): FunctionTask {
  const former = before.functions.find(({ name }) => name === task.live.name)
  const isNew = task.live.alias === undefined || task.live.alias.version === '$LATEST'
  return isNew && former?.alias !== undefined && former.version !== undefined
    ? { ...task, live: { ...task.live, version: former.version } }
    : task
}

interface GoingLive {
  readonly deployment: Deployment
  readonly after: Situation
  readonly ready: readonly Ready[]
  readonly options: DeployOptions
  readonly settling: Settling
}

/** Moves the aliases, when every function has its version: nobody sees half of a deploy for longer than that takes. */
async function goLive(clients: Clients, { deployment, after, ready, options, settling }: GoingLive): Promise<Moved[]> {
  const histories = after.functions.flatMap(({ alias }) => (alias === undefined ? [] : [alias.history]))
  const content = [...deployment.artifacts.map((one) => one.sha256), JSON.stringify(deployment.template.Resources)]
  const id = continued(deployId(clients.now(), content), histories)
  const by = shortName(options.caller.arn)
  const { report, signal, check } = settling
  if (options.canary !== undefined) {
    const stack = deployment.stack
    await goLiveSlowly(clients, {
      canary: options.canary,
      ready,
      resources: after.resources,
      stack,
      report,
      signal,
      check,
    })
  }
  return inParallel(ready, 5, async ({ live, version }) => {
    check()
    await moveAlias(clients, live, version, pushed(live.alias?.history, { deploy: id, version }, by))
    const before = versionOf(live)
    report({ what: 'live', function: live.name, version, before })
    const { name, physicalName } = live
    return { live, told: { name, physicalName, version, before, changed: version !== before } }
  })
}

interface Moved {
  readonly live: LiveFunction
  readonly told: DeployedFunction
}

const versionOf = ({ alias }: LiveFunction): string | undefined =>
  alias === undefined || alias.version === '$LATEST' ? undefined : alias.version

interface Testing {
  readonly moved: readonly Moved[]
  readonly outputs: ReadonlyMap<string, string>
  readonly options: DeployOptions
  readonly check: () => void
}

/** Asks the app once; when it fails, callers get the versions before. */
async function test(clients: Clients, { moved, outputs, options, check }: Testing): Promise<void> {
  const url = options.smoke?.(outputs)
  if (url === undefined) return
  const answer = await smoke(url, options.signal)
  if (answer === undefined) return
  const back = moved.flatMap(({ live, told: { before, changed } }) =>
    before === undefined || !changed ? [] : [{ live, before }],
  )
  await inParallel(back, 5, async ({ live, before }) => {
    check()
    await moveAlias(clients, live, before, live.alias?.history ?? { by: '', entries: [] })
    options.report({ what: 'live', function: live.name, version: before, before: undefined })
  })
  throw problem('GOBLET_SMOKE', { url, answer, back: back.length > 0 })
}

const unmoved = (live: LiveFunction): DeployedFunction => {
  const { name, physicalName } = live
  const version = live.alias?.version ?? '$LATEST'
  return { name, physicalName, version, before: versionOf(live), changed: false }
}

const formerOf = ({ standing: { template, nested } }: Situation): string[] =>
  template === undefined ? [] : formerBuckets(Object.values(wholeOf(template, nested).Resources))

const outputsOf = ({ stack }: Situation): ReadonlyMap<string, string> => stack?.outputs ?? new Map()
