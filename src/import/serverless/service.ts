// A whole serverless.yml: read, resolved, and put together as an app.
import { nearest, problem } from '../../errors.ts'
import { type Code, type CodeMap, raw } from '../code.ts'
import { Draft } from '../draft.ts'
import { itemsOf, member, type Node, ownOf, scalar, textOf } from '../node.ts'
import { Report } from '../report.ts'
import { Section } from '../section.ts'
import { Authorizers } from './authorizers.ts'
import type { Context } from './context.ts'
import { differing } from './environment.ts'
import { Files } from './files.ts'
import { closeFunction, eventsOf, type Reading, readFunction } from './function.ts'
import { type Door, readHttp, readHttpApi, readUrl, toCors } from './http.ts'
import { HTTP_API_KEYS, LOST_EVENTS, MISSING_PLUGINS, PLUGINS, PROVIDER_KEYS, TOP_KEYS } from './keys.ts'
import { readS3, readSns, readSqs } from './messages.ts'
import { isNode, readGateway, readProvider } from './provider.ts'
import { Resolver } from './resolver.ts'
import { collectResources, nameResources, readResources, renamed } from './resources.ts'
import { readBus, readSchedule, readStream } from './timed.ts'
import { Sockets } from './websocket.ts'

export interface Imported {
  readonly draft: Draft
  readonly report: Report
  readonly context: Context
}

/** Reads a configuration whose text is a tree already. */
export function readService(
  tree: Node,
  folder: string,
  wanted: string | undefined,
  place: Pick<Context, 'out' | 'tsEndings'>,
): Imported {
  const report = new Report()
  const files = new Files(folder)
  const { stage, region } = placeOf(tree, files, wanted)
  const resolver = new Resolver(tree, files, { stage, region })
  const root = resolver.settle(tree)
  const top = new Section(root, '', root.where, report)
  checkCloud(top)
  const context: Context = {
    ...{ ...place, folder, root, report, stage, region, draft: new Draft() },
    service: toAppName(top),
    resources: new Map(),
    raws: new Map(),
    handles: new Map(),
    functions: new Map(),
    late: new Map(),
  }
  const functions = functionsOf(top.take('functions'), report)
  for (const one of functions) nameFunction(one, context)
  const resources = collectResources(root, report)
  top.take('resources')
  nameResources(resources, context)
  readResources(resources, context)
  const stages = [...resolver.stages]
    .filter((one) => one !== stage)
    .map((one) => ({ name: one, root: new Resolver(tree, files, { stage: one, region }).settle(tree) }))
  readAll(top, functions, stages, context)
  tellPlugins(top, report)
  tellCustom(top, resolver, report)
  for (const { where, says, why } of resolver.problems) report.hand(where, says, `${why}.`)
  top.close(TOP_KEYS)
  return { draft: context.draft, report, context }
}

// The stage may itself be a variable with a fallback: it is resolved on a guess, `dev`, first.
function placeOf(tree: Node, files: Files, wanted: string | undefined): { stage: string; region: string } {
  const provider = member(tree, 'provider')
  const guess = { stage: wanted ?? 'dev', region: 'us-east-1' }
  const resolve = (key: string): string | undefined => {
    const node = member(provider, key)
    if (node === undefined) return undefined
    // Without the option it is what stands behind it.
    const bare =
      node.kind === 'scalar'
        ? scalar(String(node.value).replace(/\$\{\s*opt:(?:stage|region)\s*,\s*/, '${'), node.where)
        : node
    return [bare, node]
      .map((one) => textOf(new Resolver(tree, files, guess).settle(one)))
      .find((one) => one !== undefined && !one.includes('${'))
  }
  const own = wanted ?? literal(member(provider, 'stage')) ?? resolve('stage') ?? 'dev'
  const region = literal(member(provider, 'region')) ?? resolve('region') ?? 'us-east-1'
  return {
    stage: /^[a-z][a-z0-9-]*$/.test(own) ? own : 'dev',
    region: /^[a-z]{2}(?:-[a-z]+)+-\d$/.test(region) ? region : 'us-east-1',
  }
}

/** `dev` of `${opt:stage, 'dev'}`. */
function literal(node: Node | undefined): string | undefined {
  const text = textOf(node)
  if (text === undefined) return undefined
  return text.includes('${') ? /,\s*['"]([^'"]+)['"]\s*\}$/.exec(text)?.[1] : text
}

function checkCloud(top: Section): void {
  const provider = top.take('provider')
  const name = textOf(provider) ?? textOf(member(provider, 'name'))
  if (name === 'aws') return
  const says =
    name === undefined
      ? 'It names no provider, so it is no serverless.yml.'
      : `Its provider is \`${name}\`, and Goblet knows AWS.`
  throw problem('GOBLET_BAD_IMPORT', { problem: says.slice(0, -1) }, top.whereOf('provider'))
}

function toAppName(top: Section): string {
  const node = top.take('service')
  const given = textOf(node) ?? textOf(member(node, 'name')) ?? 'app'
  const name =
    given
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^[^a-z]+/, '')
      .replace(/-+$/, '') || 'app'
  if (name !== given)
    top.hand(
      'service',
      `\`${given}\` cannot begin names on AWS, so the app is \`${name}\`: what is deployed gets other names.`,
    )
  return name
}

interface Found {
  readonly key: string
  readonly node: Node
}

/** Functions may be a map, or a list of maps (each perhaps from a file). */
function functionsOf(node: Node | undefined, report: Report): Found[] {
  return itemsOf(node).flatMap((part) => {
    if (part.kind === 'dict') return [...part.entries].map(([key, { value }]) => ({ key, node: value }))
    report.hand(part.where, 'functions', 'is no map of functions.')
    return []
  })
}

function nameFunction({ key, node: { where } }: Found, { draft, functions, report, service, stage }: Context): void {
  if (functions.has(key)) return
  const name = draft.name(key)
  functions.set(key, name)
  if (name !== key)
    report.noted(where, `functions.${key}`, `is \`${name}\` in code, so on AWS it is \`${service}-${stage}-${name}\`.`)
}

interface Stage {
  readonly name: string
  readonly root: Node
}

function readAll(top: Section, functions: readonly Found[], stages: readonly Stage[], context: Context): void {
  const provider = top.section('provider')
  provider.text('name')
  provider.take('stage')
  provider.take('region')
  const runtime = textOf(member(context.root, 'provider', 'runtime')) ?? 'nodejs'
  const options = readProvider(provider, context)
  const gateway = readGateway(provider)
  const authorizers = new Authorizers(context)
  const httpApi = provider.section('httpApi')
  const cors = toCors(httpApi.take('cors'), httpApi)
  authorizers.readNamed(httpApi.section('authorizers'))
  if (httpApi.text('payload') === '1.0')
    httpApi.hand('payload', 'events come in format 2.0: look at what handlers read of them.')
  httpApi.close(HTTP_API_KEYS)
  const sockets = new Sockets(context, provider)
  const door = doorOf(functions, context)
  const other = 'belongs to a kind of API that is not the front door of this app, and was left out.'
  if (door === 'rest' && cors !== undefined) httpApi.hand('cors', other)
  if (door !== 'rest' && (gateway.apiKeys ?? gateway.usagePlan) !== undefined) provider.hand('apiGateway', other)
  const readings = functions.map(({ key, node }) => {
    const reading = readFunction(key, node, runtime, context)
    readEvents(reading, { door, authorizers, sockets })
    return reading
  })
  sockets.close()
  for (const reading of readings) closeReading(reading, authorizers)
  authorizers.close()
  provider.close(PROVIDER_KEYS)
  if (!isNode(runtime))
    provider.hand('runtime', `is ${runtime}: every handler has a stand-in until it is written in TypeScript.`)
  context.draft.app(context.service, {
    ...options,
    ...frontDoor(door, gateway, cors, context),
    stages: toStages(stages, options, door, context),
  })
}

function frontDoor(door: Door | undefined, gateway: CodeMap, cors: CodeMap[string], { stage }: Context): CodeMap {
  if (door === 'rest') return { api: 'rest', apiStage: stage, ...gateway }
  return {
    api: door === 'url' ? 'url' : undefined,
    compress: gateway.compress,
    cors: door === 'http' ? cors : undefined,
  }
}

/** What the other stages have of their own, as far as it stands at the provider. */
function toStages(
  stages: readonly Stage[],
  base: CodeMap,
  door: Door | undefined,
  context: Context,
): CodeMap | undefined {
  const made = stages.map(({ name, root }): [string, CodeMap] => {
    const provider = member(root, 'provider')
    const number = (key: string, option: string): number | undefined => {
      const value = Number(textOf(member(provider, key)) ?? Number.NaN)
      return Number.isNaN(value) || value === base[option] ? undefined : value
    }
    const own: CodeMap = {
      memory: number('memorySize', 'memory'),
      timeout: number('timeout', 'timeout'),
      env: differing(base.env as CodeMap | undefined, member(provider, 'environment'), staged(name, root, context)),
      apiStage: door === 'rest' ? name : undefined,
    }
    return [name, own]
  })
  const some = made.filter(([, own]) => Object.values(own).some((one) => one !== undefined))
  return some.length === 0 ? undefined : Object.fromEntries(some)
}

// Nothing is told of it: what there is to tell was told of the stage that is imported.
function staged(stage: string, root: Node, context: Context): Context {
  const silent = { ...context, stage, root, report: new Report() }
  return { ...silent, resources: renamed(collectResources(root, silent.report), silent) }
}

/** An app has one front door: HTTP API where it is named at all, else REST API, else function URLs. */
function doorOf(functions: readonly Found[], { report }: Context): Door | undefined {
  const count = { http: 0, httpApi: 0, url: 0 }
  for (const { node } of functions) {
    for (const event of itemsOf(member(node, 'events')))
      for (const type of event.kind === 'dict' ? event.entries.keys() : [textOf(event) ?? ''])
        if (type === 'http' || type === 'httpApi') count[type]++
    if (member(node, 'url') !== undefined && textOf(member(node, 'url')) !== 'false') count.url++
  }
  const door =
    count.http === 0 && count.httpApi === 0
      ? count.url === 1
        ? 'url'
        : undefined
      : count.http > count.httpApi
        ? 'rest'
        : 'http'
  if (count.http > 0 && count.httpApi > 0)
    report.hand(
      { file: functions[0]?.node.where.file ?? '', line: functions[0]?.node.where.line ?? 1 },
      'functions',
      `has routes of a REST API (http: ${count.http}) and of an HTTP API (httpApi: ${count.httpApi}). An app has one front door, here ${door === 'rest' ? 'the REST API: events of the others come in format 1.0' : 'the HTTP API: events of the others come in format 2.0'}.`,
    )
  return door
}

interface Doors {
  readonly door: Door | undefined
  readonly authorizers: Authorizers
  readonly sockets: Sockets
}

const ROUTES = new WeakMap<Context, Map<string, string>>()

function routesOf(context: Context): Map<string, string> {
  const known = ROUTES.get(context) ?? new Map<string, string>()
  ROUTES.set(context, known)
  return known
}

function readEvents(reading: Reading, { door, authorizers, sockets }: Doors): void {
  const routes = routesOf(reading.context)
  const { section } = reading
  if (door === 'url' && section.has('url')) {
    const event = section.section('url')
    if (textOf(section.take('url')) !== 'false')
      readUrl({
        reading,
        event:
          textOf(section.take('url')) === undefined
            ? event
            : new Section(undefined, section.pathOf('url'), section.whereOf('url'), section.report),
        routes,
      })
  }
  for (const { type, node: value, section: event } of eventsOf(section)) {
    const given = { reading, event, value, authorizers, routes, door: door ?? 'http' }
    if (type === 'http') readHttp(given)
    else if (type === 'httpApi') readHttpApi(given)
    else if (type === 'websocket') sockets.read(reading, event, value, authorizers)
    else if (type === 's3') readS3(reading, event, value)
    else if (type === 'sns') readSns(reading, event, value)
    else if (type === 'sqs') readSqs(reading, event, value)
    else if (type === 'schedule') readSchedule(reading, event, value)
    else if (type === 'stream') readStream(reading, event, value)
    else if (type === 'eventBridge' || type === 'cloudwatchEvent') readBus(reading, event, type)
    else tellLost(type, event)
  }
}

const EVENTS = [
  'http',
  'httpApi',
  'websocket',
  's3',
  'sns',
  'sqs',
  'schedule',
  'stream',
  'eventBridge',
  'cloudwatchEvent',
]

function tellLost(type: string, event: Section): void {
  for (const key of event.keys) event.take(key)
  const says = ownOf(LOST_EVENTS, type)
  if (says === undefined) {
    const near = nearest(type, [...EVENTS, ...Object.keys(LOST_EVENTS)])
    const did = near === undefined ? '' : ` Did you mean \`${near}\`?`
    event.report.lost(event.where, event.path, `\`${type}\` is no event that is known here.${did}`)
  } else event.report.lost(event.where, event.path, says)
}

// A function that nothing wakes is called by name, or by a gateway that asks who may pass.
function closeReading(reading: Reading, authorizers: Authorizers): void {
  const { context, key, section } = reading
  const { draft, report } = context
  const asked = authorizers.asked(key)
  if (asked !== undefined) {
    const name = authorizers.constOf(key)
    if (reading.isDeclared())
      report.hand(
        section.where,
        section.path,
        'is an authorizer, and is woken by events besides: it became one function only.',
      )
    const { concurrency: _, ...options } = reading.options
    draft.declare(name, 'authorizer', [
      { ...options, ...asked.options },
      asked.simple && !reading.isStub ? simple(reading) : reading.handler,
    ])
    report.mapped(section.where, section.path, `\`${name}\`: authorizer(…)`)
  } else if (!reading.isDeclared()) {
    const name = reading.constName()
    draft.declare(name, 'lambda', [reading.options, reading.handler])
    report.mapped(section.where, section.path, `\`${name}\`: lambda(…)`)
  }
  closeFunction(reading)
}

// What answers `{ isAuthorized }` is given to Goblet, which turns it into the policy that gateways understand.
function simple({ handlerName, context: { draft } }: Reading): Code {
  draft.needs('simple')
  return raw(`simple(${handlerName})`)
}

function tellPlugins(top: Section, report: Report): void {
  const node = top.take('plugins')
  for (const one of itemsOf(member(node, 'modules') ?? node)) {
    const name = textOf(one) ?? ''
    const says = ownOf(PLUGINS, name)
    const missing = ownOf(MISSING_PLUGINS, name)
    if (says !== undefined) report.noted(one.where, `plugins ${name}`, `is not needed: ${says}`)
    else report.hand(one.where, `plugins ${name}`, missing ?? 'is not known here: see what it did.')
  }
}

function tellCustom(top: Section, { asked }: Resolver, report: Report): void {
  const custom = top.take('custom')
  if (custom?.kind !== 'dict') return
  for (const [key, { where }] of custom.entries) {
    const isAsked = [...asked].some(
      (path) => path === `custom.${key}` || path.startsWith(`custom.${key}.`) || path === 'custom',
    )
    if (!isAsked) report.noted(where, `custom.${key}`, 'is asked for by no variable: it belonged to a plugin.')
  }
}
