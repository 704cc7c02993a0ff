// Every complaint the model can make: its code, its words, its place, its way out.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GobletError } from '../../src/errors.ts'
import { complaintsOf, type Described, declared, type Given, modelOf, reference } from '../support/declared.ts'

const { route, consumer, schedule, lambda, queue, bucket } = declared

/** The words a person sees, without the way out. */
const said = (declarations: readonly Described[], given: Given = {}): string[] =>
  complaintsOf(declarations, given).map(({ code, message, where }) => `${where?.line} ${code} ${message}`)

/** The only complaint, whole. */
function only(declarations: readonly Described[], given: Given = {}) {
  const complaints = complaintsOf(declarations, given)
  assert.equal(complaints.length, 1, JSON.stringify(complaints, null, 2))
  const [one] = complaints
  assert.ok(one !== undefined)
  return one
}

const FUNCTION =
  'memory, timeout, env, ephemeralStorage, tracing, vpc, logs, tags, alarms, warm, layers, external, permissions, role, concurrency, description, retries, maximumAge, deadLetter, destinations, files, image, use, onError'
const STAGE =
  'memory, timeout, env, ephemeralStorage, tracing, vpc, logs, tags, alarms, warm, layers, external, permissions, role, runtime, architecture, debug, api, apiStage, usagePlan, apiKeys, domain'
const APP = `${STAGE}, auth, cors, use, onError, compress, stages`

describe('an unknown option', () => {
  const jobs = queue('jobs')
  const rows: readonly [Described[], Given, line: number, message: string, known: string][] = [
    [[], { options: { memry: 1 } }, 1, 'The app has no option `memry`. Did you mean `memory`?', APP],
    [
      [],
      { options: { stages: { prod: { timout: 1 } } } },
      1,
      'The stage prod has no option `timout`. Did you mean `timeout`?',
      `${STAGE}.`,
    ],
    [
      [route('index', 'GET /', { isolate: true, Memory: 1 })],
      {},
      2,
      'The route index has no option `Memory`. Did you mean `memory`?',
      `${FUNCTION}, auth, cors, isolate, contentTypes, scopes`,
    ],
    [
      [jobs, consumer('work', 'jobs', { batchsize: 1 })],
      {},
      3,
      'The consumer work has no option `batchsize`. Did you mean `batchSize`?',
      `${FUNCTION}, batchSize, window, filter`,
    ],
    [
      [schedule('nightly', 'rate(1 day)', { descripton: 'x' })],
      {},
      2,
      'The schedule nightly has no option `descripton`. Did you mean `description`?',
      FUNCTION,
    ],
    [[lambda('resize', { ram: 1 })], {}, 2, 'The lambda resize has no option `ram`.', FUNCTION],
    [
      [queue('jobs', { ffio: true })],
      {},
      2,
      'The queue jobs has no option `ffio`. Did you mean `fifo`?',
      'existing, physicalName, fifo, contentBasedDeduplication, visibility, retention, delay, schema, deadLetter',
    ],
    [
      [bucket('photos', { exsting: true })],
      {},
      2,
      'The bucket photos has no option `exsting`. Did you mean `existing`?',
      'existing, physicalName, versioned, cors, lifecycle, public',
    ],
    [[bucket('photos', { constructor: 1 })], {}, 2, 'The bucket photos has no option `constructor`.', 'existing, '],
  ]
  for (const [declarations, given, line, message, known] of rows) {
    it(message, () => {
      const { code, where, mend, ...rest } = only(declarations, given)
      assert.deepEqual([code, where, rest.message], ['GOBLET_UNKNOWN_OPTION', { file: 'app.ts', line }, message])
      assert.ok(mend.startsWith(`Its options are: ${known}`), mend)
    })
  }
})

describe('a bad value', () => {
  const app = (options: Given['options']) => said([], { options: options ?? {} })
  const bad = (option: string, what: string, problem: string, line = 1): string =>
    `${line} GOBLET_BAD_OPTION \`${option}\` of ${what} ${problem}.`

  // Each: option, least, most, a value that is no whole number.
  const LIMITS: readonly [option: string, least: number, most: number][] = [
    ['memory', 128, 10_240],
    ['timeout', 1, 900],
    ['ephemeralStorage', 512, 10_240],
  ]
  for (const [option, least, most] of LIMITS) {
    it(`${option} is from ${least} to ${most}`, () => {
      for (const value of [least, most]) assert.deepEqual(app({ [option]: value }), [])
      for (const value of [least - 1, most + 1, least + 0.5, String(least), null, [least], {}]) {
        assert.deepEqual(app({ [option]: value }), [bad(option, 'the app', `is ${JSON.stringify(value)}`)])
        const stages = { prod: { [option]: value } }
        assert.deepEqual(app({ stages }), [bad(option, 'the stage prod', `is ${JSON.stringify(value)}`)])
        const own = said([lambda('run', { [option]: value })])
        assert.deepEqual(own, [bad(option, 'the lambda run', `is ${JSON.stringify(value)}`, 2)])
      }
      const { mend } = only([], { options: { [option]: 0 } })
      assert.match(mend, new RegExp(`^It is a whole number from ${least} to ${most} \\(`))
    })
  }

  it('choices and flags are what they are', () => {
    assert.deepEqual(app({ runtime: 'nodejs22.x', architecture: 'x86_64', debug: true }), [])
    assert.deepEqual(app({ runtime: 'nodejs18.x' }), [bad('runtime', 'the app', 'is "nodejs18.x"')])
    assert.equal(only([], { options: { runtime: 'python3.13' } }).mend, 'It is one of nodejs24.x, nodejs22.x.')
    assert.deepEqual(app({ architecture: 'arm' }), [bad('architecture', 'the app', 'is "arm"')])
    assert.deepEqual(app({ debug: 'yes' }), [bad('debug', 'the app', 'is "yes"')])
    assert.equal(only([], { options: { debug: 1 } }).mend, 'It is true or false.')
    assert.deepEqual(said([lambda('run', { description: 5 })]), [bad('description', 'the lambda run', 'is 5', 2)])
    assert.deepEqual(app({ memory: { $: 'function' } }), [bad('memory', 'the app', 'is a function')])
    const long = 'x'.repeat(100)
    assert.deepEqual(app({ debug: long }), [bad('debug', 'the app', `is "${'x'.repeat(56)}…`)])
  })

  it('concurrency may be 0, and is no option of the app', () => {
    assert.deepEqual(said([lambda('run', { concurrency: 0 })]), [])
    assert.deepEqual(said([lambda('run', { concurrency: -1 })]), [bad('concurrency', 'the lambda run', 'is -1', 2)])
    assert.equal(only([], { options: { concurrency: 5 } }).code, 'GOBLET_UNKNOWN_OPTION')
  })

  it('stages hold objects of options', () => {
    assert.deepEqual(app({ stages: 5 }), [bad('stages', 'the app', 'is 5')])
    assert.deepEqual(app({ stages: [] }), [bad('stages', 'the app', 'is []')])
    assert.deepEqual(app({ stages: { prod: 5 } }), [bad('stages', 'the app', 'has 5 as prod')])
    const { mend } = only([], { options: { stages: { prod: null } } })
    assert.equal(mend, 'It is an object of options: { prod: { memory: 1024 } }.')
    assert.equal(only([], { options: { stages: { prod: { stages: {} } } } }).code, 'GOBLET_UNKNOWN_OPTION')
  })

  it('a route that shares its function takes none of a function', () => {
    const [complaint] = complaintsOf([route('index', 'GET /', { memory: 1024 })])
    assert.deepEqual(complaint, {
      code: 'GOBLET_BAD_OPTION',
      message: '`memory` of the route index is an option of a function, and this route shares its function.',
      mend: 'Add `isolate: true` to give the route its own function, or set it on app(…).',
      where: { file: 'app.ts', line: 2 },
    })
    assert.deepEqual(said([route('index', 'GET /', { isolate: true, memory: 1024 })]), [])
    assert.deepEqual(said([route('index', 'GET /', { isolate: 1 })]), [bad('isolate', 'the route index', 'is 1', 2)])
  })
})

describe('the environment', () => {
  const env = (value: Given['options']) => said([], { options: { env: value ?? {} } })
  const bad = (problem: string, what = 'the app', line = 1) =>
    `${line} GOBLET_BAD_OPTION \`env\` of ${what} ${problem}.`

  it('holds texts under names that Lambda takes', () => {
    assert.deepEqual(env({ LOG: 'info', a1_: '', AWS_LAMBDA_EXEC_WRAPPER: '/opt/x', AWS_PROFILE: 'a' }), [])
    assert.deepEqual(env({ LOG: 1 }), [bad('holds 1 as LOG')])
    const mend = 'Environment variables are texts (write "1" for 1), or handles of parameters and secrets.'
    assert.equal(only([], { options: { env: { LOG: 1 } } }).mend, mend)
    for (const name of ['1A', '_A', 'A-B', 'A', '', 'A B', 'Ä1'])
      assert.deepEqual(env({ [name]: 'x' }), [bad(`has the name ${JSON.stringify(name)}`)])
    assert.deepEqual(said([], { options: { env: 'LOG=1' } }), [bad('is "LOG=1"')])
  })

  it('leaves what Lambda and Goblet set alone', () => {
    for (const name of ['AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT'])
      assert.deepEqual(env({ [name]: 'x' }), [bad(`sets ${name}, which is reserved`)])
    assert.deepEqual(env({ GOBLET_PREFIX: 'x' }), [bad('sets GOBLET_PREFIX, which is reserved')])
    assert.deepEqual(said([lambda('run', { env: { AWS_REGION: 'x' } })]), [
      bad('sets AWS_REGION, which is reserved', 'the lambda run', 2),
    ])
  })

  // Goblet's own: GOBLET_PREFIX=shop-dev-, GOBLET_ACCOUNT=123456789012 and GOBLET_QUALIFIER=live.
  const OWN = 13 + 9 + 14 + 12 + 16 + 4
  const filled = (bytes: number) => ({ BIG: 'x'.repeat(bytes - 3) })
  it('takes 4,096 bytes with Goblet’s own', () => {
    assert.deepEqual(env(filled(4096 - OWN)), [])
    assert.deepEqual(env(filled(4097 - OWN)), [bad('takes 4097 bytes, with all that is set for the same function')])
    assert.deepEqual(env({ BIG: 'é'.repeat(2040) }), [
      bad(`takes ${2040 * 2 + 3 + OWN} bytes, with all that is set for the same function`),
    ])
  })

  it('is counted together: the app’s, the stage’s and the function’s', () => {
    const options = { env: filled(3000), stages: { prod: { env: { MORE: 'y'.repeat(1200) } } } }
    // The prefix of `prod` is one byte longer.
    const bytes = 3000 + 1204 + OWN + 1
    const all = 'bytes, with all that is set for the same function'
    assert.deepEqual(said([], { options }), [bad(`takes ${bytes} ${all}`, 'the stage prod')])
    const own = lambda('run', { env: { MORE: 'y'.repeat(1200) } })
    const { env } = options
    assert.deepEqual(said([own, lambda('other')], { options: { env } }), [
      bad(`takes ${bytes - 1} ${all}`, 'the lambda run', 2),
    ])
    assert.deepEqual(said([lambda('run', { env: { BIG: 'small' } })], { options: { env } }), [])
    // Once for the app, not once more for every function.
    assert.equal(said([own, lambda('other')], { options: { env: filled(5000) } }).length, 1)
  })
})

it('all complaints come at once, in one error', () => {
  const declarations = [
    route('index', 'get /', { memory: 1 }),
    queue('jobs', { fifo: 'yes' }),
    consumer('work', 'jobs', { batchSize: 0 }),
    schedule('nightly', 'every day'),
    bucket('Photos'),
    queue('dead', { deadLetter: { after: 3, queue: reference('nowhere') } }),
  ]
  const complaints = complaintsOf(declarations, { app: 'Shop', options: { memory: 1 } })
  assert.deepEqual(complaints.map(({ code, where }) => `${where?.line} ${code}`).sort(), [
    '1 GOBLET_BAD_NAME',
    '1 GOBLET_BAD_OPTION',
    '2 GOBLET_BAD_OPTION',
    '2 GOBLET_BAD_PATTERN',
    '3 GOBLET_BAD_OPTION',
    '4 GOBLET_BAD_OPTION',
    '5 GOBLET_BAD_SCHEDULE',
    '6 GOBLET_BAD_NAME',
    '7 GOBLET_NO_RESOURCE',
  ])
  assert.throws(
    () => modelOf(declarations),
    (error) => {
      assert.ok(error instanceof GobletError)
      for (const { message, mend } of error.complaints) assert.ok(error.message.includes(message) && mend !== '')
      return true
    },
  )
})
