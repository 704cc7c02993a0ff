// A local cloud in this process, running functions written as text: for tests of what surrounds a function.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Cloud, type CloudOptions, type Code, type IamMode, startCloud, toLines } from '../../src/local/index.ts'
import type {
  FunctionModel,
  Grant,
  Model,
  Permissions,
  QueueModel,
  ResourceModel,
  SubscriptionModel,
  TriggerModel,
} from '../../src/model/index.ts'

/** A function: the text of its module, or that and its settings. */
export type Source = string | ({ readonly code: string } & Partial<FunctionModel>)

export interface AppText {
  readonly functions: Readonly<Record<string, Source>>
  readonly triggers?: readonly TriggerModel[]
  readonly resources?: readonly ResourceModel[]
  readonly subscriptions?: readonly SubscriptionModel[]
  /** What each function may do; left out: everything. */
  readonly grants?: Readonly<Record<string, readonly Grant[]>>
  readonly iam?: IamMode
}

export interface Running extends AsyncDisposable {
  readonly cloud: Cloud
  readonly root: string
  /** Takes other functions, as a save does. */
  apply(app: AppText): Promise<void>
  /** Runs a function; its answer parsed. */
  call(name: string, event?: unknown): Promise<{ failed: boolean; fault?: string; value: unknown; requestId: string }>
  /** The log lines of a function, as CloudWatch shows them. */
  lines(name: string, requestId?: string): string[]
  /** Closes the cloud, and starts it again on the same state. */
  restart(options?: Partial<CloudOptions>): Promise<void>
}

const where = { file: 'app.ts', line: 1 }

/** Starts the cloud with an app. */
export async function runApp(app: AppText, options: Partial<CloudOptions> = {}): Promise<Running> {
  const root = await mkdtemp(join(tmpdir(), 'goblet-cloud-'))
  const given: CloudOptions = { directory: join(root, 'state'), port: 0, awsPort: 0, ...options }
  let cloud = await startCloud(given)
  let last = app
  let version = 0
  const apply = async (next: AppText): Promise<void> => {
    last = next
    version++
    const code = new Map<string, Code>()
    for (const [name, source] of Object.entries(next.functions)) {
      const text = typeof source === 'string' ? source : source.code
      const entry = join(root, `${name}-${version}.mjs`)
      await writeFile(entry, text)
      code.set(name, { entry, hash: text })
    }
    await cloud.apply(toModel(next), code, { iam: next.iam, permissions: toPermissions(next) })
  }
  await apply(app)
  return {
    get cloud() {
      return cloud
    },
    root,
    apply,
    call: async (name, event = {}) => {
      const { payload, failed, fault, requestId } = await cloud.invoke(name, JSON.stringify(event))
      return { failed, value: JSON.parse(payload), requestId, ...(fault === undefined ? {} : { fault }) }
    },
    lines: (name, requestId) =>
      cloud.journal
        .read({ function: name })
        .filter((entry) => requestId === undefined || entry.requestId === requestId)
        .flatMap(toLines),
    restart: async (more = {}) => {
      await cloud.close()
      cloud = await startCloud({ ...given, ...more })
      await apply(last)
    },
    [Symbol.asyncDispose]: async () => {
      await cloud.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

const toPermissions = ({ grants }: AppText): Permissions | undefined =>
  grants && new Map(Object.entries(grants).map(([name, own]) => [name, { grants: own, warnings: [], errors: [] }]))

/** A grant as the analysis of a function's code makes it. */
export const grant = (action: string, resource: string, more: Partial<Grant> = {}): Grant => ({
  action,
  resource,
  by: 'code',
  chain: [{ file: 'app.ts', line: 7 }],
  why: '',
  ...more,
})

/** What an app without routes says of its API. */
export const API: Model['api'] = {
  door: 'http',
  stage: '$default',
  cors: undefined,
  errorOrigin: undefined,
  usagePlan: undefined,
  apiKeys: [],
  domain: undefined,
}

/** What a function has that says nothing of how it is shipped and watched. */
export const PLAIN: Pick<
  FunctionModel,
  'logs' | 'tags' | 'alarms' | 'layers' | 'external' | 'image' | 'warm' | 'references'
> = {
  logs: { retention: 30, format: 'text', level: undefined, systemLevel: undefined },
  tags: {},
  alarms: undefined,
  layers: [],
  external: [],
  image: undefined,
  warm: undefined,
  references: {},
}

function toModel({ functions, triggers = [], resources = [], subscriptions = [] }: AppText): Model {
  const place = { stage: 'dev', account: '000000000000', region: 'us-east-1', entry: 'app.ts' }
  return {
    app: 'test',
    ...place,
    tags: {},
    api: API,
    functions: Object.entries(functions).map(([name, source]) => toFunction(name, source)),
    triggers,
    resources,
    subscriptions,
  }
}

function toFunction(name: string, source: Source): FunctionModel {
  const { code: _, ...settings } = typeof source === 'string' ? { code: source } : source
  return {
    name,
    physicalName: `test-dev-${name}`,
    trigger: 'lambda',
    exports: [name],
    memory: 128,
    timeout: 5,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    env: {},
    concurrency: undefined,
    description: '',
    ephemeralStorage: 512,
    retries: 2,
    maximumAge: 21_600,
    deadLetter: undefined,
    destinations: { success: undefined, failure: undefined },
    role: undefined,
    permissions: [],
    tracing: false,
    vpc: undefined,
    ...PLAIN,
    where,
    ...settings,
  }
}

/** A queue of the app with these settings. */
export function toQueue(name: string, settings: Partial<QueueModel> = {}): QueueModel {
  const physicalName = `test-dev-${name}${settings.fifo === true ? '.fifo' : ''}`
  return {
    kind: 'queue',
    export: name,
    name,
    physicalName,
    existing: false,
    fifo: false,
    contentBasedDeduplication: settings.fifo === true,
    visibility: 30,
    retention: 345_600,
    delay: 0,
    deadLetter: undefined,
    where,
    ...settings,
  }
}

/** A queue that wakes a function. */
export const toQueueTrigger = (
  name: string,
  queue: string,
  { batchSize = 10, window = 0 }: { batchSize?: number; window?: number } = {},
): TriggerModel => ({
  kind: 'queue',
  function: name,
  queue,
  batchSize,
  window,
  filter: [],
  concurrency: undefined,
  where,
})

/** A route that wakes a function. */
export const toRoute = (name: string, method: string, path: string): TriggerModel => ({
  kind: 'http',
  function: name,
  export: name,
  method,
  path,
  auth: { kind: 'none' },
  apiKey: false,
  stream: false,
  synthetic: false,
  where,
})
