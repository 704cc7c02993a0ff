// Derives what the code of every function of an app needs.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Place } from '../../aws/access.ts'
import {
  connectionsArn,
  type FunctionModel,
  type FunctionPermissions,
  functionArn,
  type Model,
  type Permissions,
  partitionOf,
  resourceArn,
} from '../../model/index.ts'
import { attempt, environmentOf, openMachine, STEPS, tellMissing } from './analyse.ts'
import { eventOf, type Trigger } from './events.ts'
import type { Identity } from './goblet/handles.ts'
import { wake } from './goblet/wake.ts'
import type { Machine } from './machine.ts'
import { report } from './report.ts'

export interface DeriveGiven {
  /** The project's folder, absolute. */
  readonly root: string
  /** The entry module, relative to the project. */
  readonly entry: string
  readonly model: Model
}

/** What the code of each function needs, by the function's name. A function whose role is somebody else's is not looked at. */
export function deriveGrants({ root, entry, model }: DeriveGiven): Permissions {
  const here = realpathSync(root)
  const given: DeriveGiven = { root: here, entry: realpathSync(resolve(here, entry)), model }
  const derived = model.functions
    .filter(({ role }) => role === undefined)
    .map((made) => [made.name, derive(given, made)] as const)
  return new Map(derived)
}

function derive({ root, entry, model }: DeriveGiven, made: FunctionModel): FunctionPermissions {
  const place: Place = { partition: partitionOf(model.region), region: model.region, account: model.account }
  const env = { ...made.env, AWS_LAMBDA_FUNCTION_NAME: made.physicalName, GOBLET_ACCOUNT: model.account }
  const surroundings = {
    env: environmentOf(env, place),
    place,
    identity: (kind: string, name: string) => identify(model, kind, name),
  }
  const machine = openMachine(surroundings, STEPS)
  const bucket = model.triggers.find((one) => one.kind === 'bucket' && one.function === made.name)
  const source = bucket?.kind === 'bucket' ? identify(model, 'bucket', bucket.bucket) : undefined
  const trigger: Trigger = source === undefined ? {} : { s3: source.name }
  attempt(machine, () => run(machine, entry, made))
  return report({ facts: machine.facts, root, place, event: eventOf(trigger) })
}

function run(machine: Machine, entry: string, made: FunctionModel): void {
  const module = machine.modules.load(entry, machine, undefined)
  if (module === undefined) return
  const site = { node: module.code.program, unit: machine.root(module), machine }
  let lost: readonly string[] = []
  for (let round = 0, steps = -1; steps !== machine.steps && round < 8; round++) {
    steps = machine.steps
    lost = wake(module, made, site)
    machine.settle()
  }
  for (const name of lost) tellMissing(name, site)
}

// A handle by its kind and the name it is declared by; a function by its export.
function identify(model: Model, kind: string, name: string): Identity | undefined {
  const { account, region } = model
  if (kind === 'lambda') {
    const made = model.functions.find((one) => one.exports.includes(name) && one.trigger === 'lambda')
    if (made === undefined) return undefined
    return { name: made.physicalName, arn: functionArn(made, model), url: undefined, versioned: false }
  }
  const found = model.resources.find((one) => one.kind === kind && one.name === name)
  if (found?.kind === 'websocket') {
    const { apiId, stage, physicalName } = found
    // Where its connections are managed.
    const url = `https://${apiId}.execute-api.${region}.amazonaws.com/${stage}`
    return { name: physicalName, arn: connectionsArn(found, '*', model), url, versioned: false }
  }
  const arn = found === undefined ? undefined : resourceArn(found, model)
  if (found === undefined || arn === undefined) return undefined
  const owner = name.startsWith('arn:') ? (name.split(':')[4] ?? account) : account
  const url = kind === 'queue' ? `https://sqs.${region}.amazonaws.com/${owner}/${found.physicalName}` : undefined
  return { name: found.physicalName, arn, url, versioned: found.kind === 'bucket' && found.versioned }
}
