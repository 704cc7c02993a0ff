// Logs, tags, alarms, layers, images and domains: what is left out, what a stage and a function change, and what AWS would refuse.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FunctionModel, Model, Options } from '../../src/model/index.ts'
import { complaintsOf, type Described, declared, modelOf, reference } from '../support/declared.ts'

const { lambda, route, topic, owns, socket } = declared

const model = (own: Options, app: Options = {}, stage = 'dev'): Model =>
  modelOf([lambda('run', own), topic('alerts')], { options: app, stage })

function made(own: Options, app: Options = {}, stage = 'dev'): FunctionModel {
  const found = model(own, app, stage).functions[0]
  assert.ok(found !== undefined)
  return found
}

/** The words of what is wrong, one for each. */
const said = (own: Options, app: Options = {}, more: readonly Described[] = []): string[] =>
  complaintsOf([lambda('run', own), ...more], { options: app }).map(({ message }) => message)

const ofRun = (option: string, problem: string): string[] => [`\`${option}\` of the lambda run ${problem}.`]

describe('logs', () => {
  it('are kept for 30 days as text, unless told', () => {
    assert.deepEqual(made({}).logs, { retention: 30, format: 'text', level: undefined, systemLevel: undefined })
    assert.deepEqual(made({ logs: { retention: 'forever' } }).logs.retention, undefined)
    const json = { retention: 30, format: 'json', level: 'info', systemLevel: 'info' }
    assert.deepEqual(made({ logs: { format: 'json' } }).logs, json)
  })

  it('are laid over each other part by part: the app, its stage, the function', () => {
    const app = { logs: { retention: 14, format: 'json' }, stages: { prod: { logs: { retention: 365 } } } }
    const own = { logs: { level: 'debug', systemLevel: 'warn' } }
    const expected = { retention: 14, format: 'json', level: 'debug', systemLevel: 'warn' }
    assert.deepEqual(made(own, app).logs, expected)
    assert.deepEqual(made(own, app, 'prod').logs, { ...expected, retention: 365 })
    assert.deepEqual(made({ logs: { format: 'text' } }, app).logs.level, undefined)
  })

  it('have the days that CloudWatch knows, and levels only in JSON', () => {
    assert.match(said({ logs: { retention: 10 } }).join(), /has `retention`, which is 10/)
    assert.match(said({ logs: { level: 'loud', format: 'json' } }).join(), /has `level`, which is "loud"/)
    assert.deepEqual(said({ logs: { days: 3 } }), ofRun('logs', 'has no part `days`'))
    assert.deepEqual(said({ logs: 14 }), ofRun('logs', 'is 14'))
    const inText = 'names a level, and Lambda tells levels apart only in JSON'
    assert.deepEqual(said({ logs: { level: 'warn' } }), ofRun('logs', inText))
    assert.deepEqual(said({ logs: { level: 'warn' } }, { logs: { format: 'json' } }), [])
    assert.deepEqual(said({}, { logs: { level: 'warn' } }), [`\`logs\` of the app ${inText}.`])
    const staged = { stages: { prod: { logs: { level: 'warn' } } } }
    assert.deepEqual(said({}, staged), [`\`logs\` of the stage prod ${inText}.`])
    assert.deepEqual(said({}, { ...staged, logs: { format: 'json' } }), [])
  })
})

describe('tags', () => {
  it('are the app’s, its stage’s and the function’s together; the app’s hold for all it owns', () => {
    const app = { tags: { team: 'shop', cost: '1' }, stages: { prod: { tags: { cost: '2' } } } }
    assert.deepEqual(made({ tags: { team: 'thumbs' } }, app, 'prod').tags, { team: 'thumbs', cost: '2' })
    assert.deepEqual(model({}, app, 'prod').tags, { team: 'shop', cost: '2' })
    assert.deepEqual([made({}).tags, model({}).tags], [{}, {}])
  })

  it('are what AWS takes', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, 'x']))
    assert.deepEqual(said({ tags: { 'a b:/=+-@_.é': 'ü', empty: '' } }), [])
    assert.deepEqual(said({ tags: { AWS: 'x' } }), [])
    for (const name of ['aws:team', 'AWS:team', '', 'a#b', 'x'.repeat(129)])
      assert.match(said({ tags: { [name]: 'x' } }).join(), /`tags` of the lambda run has the name/, name)
    assert.match(said({ tags: { team: 1 } }).join(), /holds 1 as team/)
    assert.match(said({ tags: { team: 'x'.repeat(257) } }).join(), /holds ".+ as team/)
    assert.deepEqual(said({ tags: ['team'] }), ofRun('tags', 'is ["team"]'))
    assert.deepEqual(said({ tags: many(50) }), [])
    assert.deepEqual(said({ tags: many(51) }), ofRun('tags', 'makes 51 tags in all'))
    assert.deepEqual(said({ tags: { more: 'x' } }, { tags: many(50) }), ofRun('tags', 'makes 51 tags in all'))
    // Once, at the app.
    assert.deepEqual(said({}, { tags: many(51) }), ['`tags` of the app makes 51 tags in all.'])
  })

  it('of a route are for its OpenAPI document, its function’s are the app’s', () => {
    const options = { tags: { team: 'shop' } }
    const isolated = modelOf([route('index', 'GET /', { isolate: true, tags: ['pets'] })], { options })
    assert.deepEqual(isolated.functions[0]?.tags, { team: 'shop' })
  })
})

describe('alarms', () => {
  it('are none, or on the first error and the first throttle within 5 minutes', () => {
    assert.equal(made({}).alarms, undefined)
    const first = { errors: 1, throttles: 1, minutes: 5, topic: undefined }
    assert.deepEqual(made({ alarms: true }).alarms, first)
    assert.deepEqual(made({}, { alarms: true }).alarms, first)
    assert.equal(made({ alarms: false }, { alarms: true }).alarms, undefined)
  })

  it('of a function take from the app what they do not name', () => {
    const app = { alarms: { errors: 3, minutes: 10, topic: reference('alerts', 'topic') } }
    const expected = { errors: 3, throttles: undefined, minutes: 10, topic: 'alerts' }
    assert.deepEqual(made({ alarms: { throttles: false } }, app).alarms, expected)
    assert.deepEqual(made({ alarms: true }, app).alarms, { ...expected, throttles: 1 })
  })

  it('tell topics that the app exports, and no FIFO ones', () => {
    const alarms = { topic: reference('alerts', 'topic') }
    assert.deepEqual(said({ alarms }), [
      'An alarm of the function run refers to `alerts`, which the app does not export.',
    ])
    const fifo = topic('alerts', { fifo: true })
    assert.match(said({ alarms }, {}, [fifo]).join(), /names alerts, which is a FIFO topic/)
    assert.match(said({ alarms: { topic: reference('jobs') } }).join(), /has `topic`, which is a queue/)
    assert.match(said({ alarms: { errors: 0 } }).join(), /has `errors`, which is 0/)
    assert.deepEqual(said({ alarms: { error: 1 } }), ofRun('alarms', 'has no part `error`'))
    assert.deepEqual(said({ alarms: 'yes' }), ofRun('alarms', 'is "yes"'))
  })
})

describe('layers, external packages and images', () => {
  const layer = (name: string, version: string | number = 1) =>
    `arn:aws:lambda:us-east-1:123456789012:layer:${name}:${version}`
  const image = '123456789012.dkr.ecr.us-east-1.amazonaws.com/thumbs:1'

  it('layers of a function stand in place of the app’s, external packages beside them', () => {
    const app = { layers: [layer('a'), layer('b', 12)], external: ['sharp'] }
    assert.deepEqual(made({}, app).layers, app.layers)
    assert.deepEqual(made({ layers: [] }, app).layers, [])
    assert.deepEqual(made({ layers: [layer('c')] }, app).layers, [layer('c')])
    assert.deepEqual(made({ external: ['@scope/name', 'sharp'] }, app).external, ['@scope/name', 'sharp'])
  })

  it('layers have a version, and are five at most', () => {
    assert.match(
      said({ layers: ['arn:aws:lambda:us-east-1:123456789012:layer:a'] }).join(),
      /holds something that is "/,
    )
    const six = Array.from({ length: 6 }, (_, index) => layer(`l${index}`))
    assert.deepEqual(said({ layers: six }), ofRun('layers', 'names 6'))
    assert.deepEqual(said({ layers: six.slice(1) }), [])
    assert.match(said({ external: ['./local'] }).join(), /holds something that is "\.\/local"/)
  })

  it('an image is a version in ECR, of one function, without layers', () => {
    assert.equal(made({ image }).image, image)
    assert.equal(made({ image: image.replace(':1', `@sha256:${'0'.repeat(64)}`) }).image?.length, 123)
    assert.deepEqual(made({ image }, { layers: [layer('a')] }).layers, [])
    assert.match(said({ image: 'docker.io/library/node:24' }).join(), /`image` of the lambda run is "docker/)
    assert.match(said({ image: image.replace(':1', '') }).join(), /`image` of the lambda run is /)
    assert.match(said({ image, layers: [layer('a')] }).join(), /stands beside `image`/)
    assert.match(said({}, { image }).join(), /The app has no option `image`/)
  })
})

describe('domain', () => {
  const index = route('index', 'GET /')
  const named = (domain: Options[string], more: Options = {}) =>
    modelOf([index], { options: { domain, ...more } }).api.domain
  const wrong = (options: Options, declarations: readonly Described[] = [index]): string =>
    complaintsOf(declarations, { options })
      .map(({ message }) => message)
      .join(' | ')
  const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/0000-11'

  it('is a name, or a name with what is there for it', () => {
    const plain = { name: 'api.example.com', certificate: undefined, zone: undefined }
    assert.equal(modelOf([index]).api.domain, undefined)
    assert.deepEqual(named('api.example.com'), plain)
    assert.deepEqual(named({ name: 'api.example.com' }), plain)
    const whole = { name: 'api.example.com', certificate, zone: false }
    assert.deepEqual(named(whole), whole)
    for (const zone of ['example.com', 'Z0123456789ABC', 'api.example.com'])
      assert.deepEqual(named({ name: 'api.example.com', zone }), { ...plain, zone })
    const options = { stages: { prod: { domain: 'api.example.com' } } }
    assert.deepEqual(modelOf([index], { options, stage: 'prod' }).api.domain, plain)
    assert.equal(modelOf([index], { options }).api.domain, undefined)
  })

  it('is one that AWS and DNS take', () => {
    for (const domain of [
      'https://api.example.com',
      'API.example.com',
      'api',
      'api.example.com/v1',
      '-a.example.com',
      '',
    ])
      assert.match(wrong({ domain }), /`domain` of the app is /, domain)
    assert.match(
      wrong({ domain: { name: 'api.example.com', zone: 'example.org' } }),
      /has `zone`, which is "example.org"/,
    )
    assert.match(wrong({ domain: { name: 'api.example.com', zone: false } }), /nothing proves a certificate/)
    assert.match(wrong({ domain: { name: 'api.example.com', certificate: 'x' } }), /has `certificate`, which is "x"/)
    assert.match(wrong({ domain: { host: 'api.example.com' } }), /has no part `host`/)
    assert.match(wrong({ domain: {} }), /has no `name`/)
  })

  it('is for an API, and for one of them', () => {
    assert.match(wrong({ domain: 'api.example.com', api: 'url' }), /a function URL, which has no domain/)
    assert.match(wrong({ domain: 'api.example.com' }, [lambda('run')]), /the app has no route/)
    const chat = owns('websocket', 'chat', { domain: 'api.example.com' })
    const both = [index, chat, socket('said', 'chat', 'onDefault')]
    assert.equal(wrong({}, both), '')
    assert.match(wrong({ domain: 'api.example.com' }, both), /the websocket chat is api.example.com, as of the app/)
  })

  it('of a WebSocket API is one for all stages, or one for each', () => {
    const of = (domain: Options[string], stage = 'dev') => {
      const { resources } = modelOf([owns('websocket', 'chat', { domain }), socket('said', 'chat', 'onDefault')], {
        stage,
      })
      const [chat] = resources
      return chat?.kind === 'websocket' ? chat.domain?.name : undefined
    }
    assert.equal(of('chat.example.com', 'prod'), 'chat.example.com')
    const stages = { prod: 'chat.example.com', test: { name: 'chat.example.org' } }
    assert.deepEqual(
      ['prod', 'test', 'dev'].map((stage) => of({ stages }, stage)),
      ['chat.example.com', 'chat.example.org', undefined],
    )
    const bad = owns('websocket', 'chat', { domain: { stages: { prod: 'x' } } })
    assert.match(wrong({}, [bad, socket('said', 'chat', 'onDefault')]), /has `prod`, which is "x"/)
  })
})
