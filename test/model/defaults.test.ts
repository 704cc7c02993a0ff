// A whole model, every default spelled out; what stages change; and what an option that is undefined means.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import {
  type ApiModel,
  defineModel,
  type FunctionModel,
  type HttpTriggerModel,
  type Options,
} from '../../src/model/index.ts'
import { declared, modelOf, PLACE, reference } from '../support/declared.ts'
import { openProject } from '../support/project.ts'

const { route, consumer, schedule, lambda, queue, bucket } = declared

const API: ApiModel = {
  door: 'http',
  stage: '$default',
  cors: undefined,
  errorOrigin: undefined,
  usagePlan: undefined,
  apiKeys: [],
  domain: undefined,
}

it('spells out every default', () => {
  const at = (line: number) => ({ file: 'app.ts', line })
  const made = (name: string, trigger: FunctionModel['trigger'], line: number): FunctionModel => ({
    name,
    physicalName: `shop-dev-${name}`,
    trigger,
    exports: [name],
    memory: 512,
    timeout: 30,
    runtime: 'nodejs24.x',
    architecture: 'arm64',
    env: {},
    references: {},
    warm: undefined,
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
    logs: { retention: 30, format: 'text', level: undefined, systemLevel: undefined },
    tags: {},
    alarms: undefined,
    layers: [],
    external: [],
    image: undefined,
    where: at(line),
  })
  const endpoint = (name: string, method: string, path: string, line: number): HttpTriggerModel => ({
    kind: 'http',
    function: 'api',
    export: name,
    method,
    path,
    auth: { kind: 'none' },
    apiKey: false,
    stream: false,
    synthetic: false,
    where: at(line),
  })
  const model = modelOf([
    route('index', 'GET /'),
    route('save', 'PUT|POST /items/{id}'),
    queue('failed'),
    queue('jobs', { deadLetter: { after: 5, queue: reference('failed') } }),
    consumer('work', 'jobs'),
    schedule('nightly', 'cron(0 3 * * ? *)'),
    lambda('resize'),
    bucket('photos'),
    queue('orders', { fifo: true }),
  ])
  assert.deepEqual(model, {
    app: 'shop',
    ...PLACE,
    entry: 'app.ts',
    tags: {},
    api: API,
    functions: [
      { ...made('api', 'http', 2), exports: ['index', 'save'] },
      made('work', 'queue', 6),
      made('nightly', 'schedule', 7),
      made('resize', 'lambda', 8),
    ],
    triggers: [
      endpoint('index', 'GET', '/', 2),
      endpoint('save', 'PUT', '/items/{id}', 3),
      endpoint('save', 'POST', '/items/{id}', 3),
      {
        kind: 'queue',
        function: 'work',
        queue: 'jobs',
        batchSize: 10,
        window: 0,
        filter: [],
        concurrency: undefined,
        where: at(6),
      },
      {
        kind: 'schedule',
        function: 'nightly',
        expression: 'cron(0 3 * * ? *)',
        service: 'rule',
        timezone: 'UTC',
        start: undefined,
        end: undefined,
        window: 0,
        input: undefined,
        where: at(7),
      },
      { kind: 'lambda', function: 'resize', where: at(8) },
    ],
    resources: [
      {
        kind: 'queue',
        export: 'failed',
        name: 'failed',
        physicalName: 'shop-dev-failed',
        existing: false,
        fifo: false,
        contentBasedDeduplication: false,
        visibility: 30,
        retention: 345_600,
        delay: 0,
        deadLetter: undefined,
        where: at(4),
      },
      {
        kind: 'queue',
        export: 'jobs',
        name: 'jobs',
        physicalName: 'shop-dev-jobs',
        existing: false,
        fifo: false,
        contentBasedDeduplication: false,
        visibility: 180,
        retention: 345_600,
        delay: 0,
        deadLetter: { after: 5, queue: 'failed' },
        where: at(5),
      },
      {
        kind: 'queue',
        export: 'orders',
        name: 'orders',
        physicalName: 'shop-dev-orders.fifo',
        existing: false,
        fifo: true,
        contentBasedDeduplication: true,
        visibility: 30,
        retention: 345_600,
        delay: 0,
        deadLetter: undefined,
        where: at(10),
      },
      {
        kind: 'bucket',
        export: 'photos',
        name: 'photos',
        physicalName: 'shop-dev-photos-123456789012-us-east-1',
        existing: false,
        versioned: false,
        cors: [],
        lifecycle: [],
        public: false,
        where: at(9),
      },
    ],
    subscriptions: [],
  })
})

it('an app of nothing is a model of nothing', () => {
  const nothing = { functions: [], triggers: [], resources: [], subscriptions: [] }
  assert.deepEqual(modelOf([]), { app: 'shop', ...PLACE, entry: 'app.ts', tags: {}, api: API, ...nothing })
})

/** What differs from the defaults in the function `run`. */
function run(app: Options, own: Options = {}, stage = 'dev'): Partial<FunctionModel> {
  const [made] = modelOf([lambda('run', own)], { options: app, stage }).functions
  const [bare] = modelOf([lambda('run')], { stage }).functions
  const entries = Object.entries(made ?? {})
  return Object.fromEntries(
    entries.filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(bare ?? {}, key))),
  )
}

describe('the function’s options win over the stage’s, the stage’s over the app’s', () => {
  const app: Options = {
    memory: 256,
    timeout: 10,
    runtime: 'nodejs22.x',
    architecture: 'x86_64',
    ephemeralStorage: 1024,
    env: { LOG: 'info', ALL: 'app' },
    stages: { prod: { memory: 1024, env: { LOG: 'warn', STAGE: 'prod' }, debug: true }, dev: {} },
  }
  const { stages: _, ...shared } = app

  it('in a stage that says nothing', () => {
    assert.deepEqual(run(app), shared)
    assert.deepEqual(run(app, {}, 'other'), shared)
  })

  it('in a stage that does', () => {
    assert.deepEqual(run(app, {}, 'prod'), {
      ...shared,
      memory: 1024,
      env: { GOBLET_DEBUG: 'true', LOG: 'warn', ALL: 'app', STAGE: 'prod' },
    })
  })

  it('in a function of its own mind', () => {
    const own = { memory: 128, env: { LOG: 'own' }, description: 'runs', concurrency: 2 }
    assert.deepEqual(run(app, own, 'prod'), {
      ...shared,
      ...own,
      env: { GOBLET_DEBUG: 'true', LOG: 'own', ALL: 'app', STAGE: 'prod' },
    })
  })

  it('and a stage named like a thing of Object.prototype is none', () => {
    assert.deepEqual(run({ memory: 256 }, {}, 'constructor'), { memory: 256 })
  })
})

it('an option that is undefined is not given', async () => {
  await using project = await openProject({
    'app.ts': `import { app, bucket, queue, route, lambda } from 'goblet'
const no = undefined as never
export default app('shop', { memory: no, timeout: 20, stages: { dev: { timeout: no, memory: no, env: no }, prod: no }, env: { A1: 'x', B1: no } })
export const failed = queue('failed', { physicalName: no, existing: no, deadLetter: no })
export const jobs = queue('jobs', { fifo: no, visibility: no, deadLetter: { after: 3, queue: failed } })
export const work = jobs.onMessage({ batchSize: no, window: no }, () => {})
export const photos = bucket('photos', no)
export const index = route('GET /', { isolate: no, memory: no }, () => 1)
export const run = lambda({ memory: no, env: no, concurrency: no }, () => 1)
`,
  })
  const description = await project.build.discover()
  const model = defineModel(description, PLACE, GRAMMAR)
  const plain = modelOf(
    [
      queue('failed'),
      queue('jobs', { deadLetter: { after: 3, queue: reference('failed') } }),
      consumer('work', 'jobs'),
      bucket('photos'),
      route('index', 'GET /'),
      lambda('run'),
    ],
    { options: { timeout: 20, env: { A1: 'x' } } },
  )
  const bare = (list: readonly object[]): object[] => list.map((one) => ({ ...one, where: undefined }))
  assert.deepEqual(bare(model.functions).toSorted(byName), bare(plain.functions).toSorted(byName))
  assert.deepEqual(bare(model.resources), bare(plain.resources))
})

const byName = (left: object, right: object): number => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)
