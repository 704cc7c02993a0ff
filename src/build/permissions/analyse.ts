// Analyses one function: from the handler that wakes to everything that it may ask of AWS.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Place } from '../../aws/access.ts'
import type { FunctionPermissions } from '../../model/index.ts'
import { ANYTHING, just, NOTHING, unknown, type Values } from './atoms.ts'
import { asHandler, eventOf, type Trigger } from './events.ts'
import { Facts } from './facts.ts'
import { LANGUAGE } from './language.ts'
import { Exhausted, given, Machine, type Site, type Surroundings } from './machine.ts'
import { Modules } from './modules.ts'
import { packages, packageTypes } from './packages.ts'
import { report } from './report.ts'

export type { Trigger } from './events.ts'

/** A plain Lambda function: a module and the name of its handler. */
export interface AnalyseGiven {
  /** The module, absolute or relative to the root. */
  readonly file: string
  /** `handler`; a dotted path leads into an object. */
  readonly export: string
  /** What places are told relative to. */
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  readonly place: Place
  /** What wakes it, where that binds names in its event. */
  readonly trigger?: Trigger
  /** How long the engine may look; what is not settled then is an error. */
  readonly steps?: number
}

/** More than any function was seen to take, by far. */
export const STEPS = 500_000

/** What a plain handler needs. */
export function analyse(asked: AnalyseGiven): FunctionPermissions {
  const root = realpathSync(asked.root)
  const { place } = asked
  const surroundings: Surroundings = { env: environmentOf(asked.env, place), place, identity: () => undefined }
  const machine = openMachine(surroundings, asked.steps ?? STEPS)
  const file = realpathSync(resolve(root, asked.file))
  attempt(machine, () => {
    const module = machine.modules.load(file, machine, undefined)
    if (module === undefined) return
    const unit = machine.root(module)
    const site = { node: module.code.program, unit, machine }
    const [name = '', ...path] = asked.export.split('.')
    // What the module exports may be known only once everything else is.
    let handler: Values = NOTHING
    for (let round = 0, steps = -1; steps !== machine.steps && round < 8; round++) {
      steps = machine.steps
      handler = machine.modules.exported(module, name, site) ?? ANYTHING
      for (const part of path) handler = machine.read(handler, [part], site)
      machine.call(asHandler(handler), new Map(), given(just(unknown('event')), ANYTHING), site)
      machine.settle()
    }
    if (!isCallable(handler)) tellMissing(asked.export, site)
  })
  return report({ facts: machine.facts, root, place: asked.place, event: eventOf(asked.trigger) })
}

const isCallable = (handler: Values): boolean =>
  [...handler.values()].some(({ kind }) => kind === 'function' || kind === 'bound' || kind === 'native')

/** What nobody can find nobody can look into: that is no reason to say nothing. */
export function tellMissing(name: string, site: Site): void {
  site.machine.facts.notice(
    {
      kind: 'unresolved-operation',
      message: `The handler \`${name}\` cannot be followed to a function: what it needs is not known.`,
      mend: 'Export the function itself, or say what it needs with `permissions`.',
      fatal: true,
    },
    site,
  )
}

export function openMachine(surroundings: Surroundings, steps: number): Machine {
  return new Machine(LANGUAGE, new Modules(packages, packageTypes), new Facts(), surroundings, { steps })
}

/** Does what may take too long; if it does, that is told. */
export function attempt(machine: Machine, task: () => void): void {
  try {
    task()
  } catch (error) {
    // Code that is nested deeper than the stack is as good as code without end.
    if (!(error instanceof Exhausted || error instanceof RangeError)) throw error
    const [module] = machine.modules.all()
    if (module === undefined) throw error
    machine.facts.notice(
      {
        kind: 'unresolved-operation',
        message: 'The code takes more steps to analyse than any function should: what it needs is not known in full.',
        mend: 'Split the function, or say what it needs with `permissions` and a `role` of its own.',
        fatal: true,
      },
      { node: module.code.program, unit: machine.root(module), machine },
    )
  }
}

/** What Lambda sets besides the function's own variables. */
export function environmentOf(env: Readonly<Record<string, string>>, { region }: Place): Map<string, string> {
  return new Map([...Object.entries({ AWS_REGION: region, AWS_DEFAULT_REGION: region }), ...Object.entries(env)])
}
