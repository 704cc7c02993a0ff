// Modules of Node whose functions matter: what they give back is known.
import { ANYTHING, just, native, type Values } from './atoms.ts'
import { processOf } from './globals.ts'
import { argument, type Machine } from './machine.ts'
import { textsOf } from './values.ts'

/** What a module of Node exports under a name; undefined where nothing is known of it. */
export function nodeExport(specifier: string, name: string, machine: Machine): Values | undefined {
  const module = specifier.replace(/^node:/, '')
  const whole = name === '*' || name === 'default'
  if (module === 'process') {
    const process = just(processOf(machine))
    if (whole) return process
    const [module] = machine.modules.all()
    if (module === undefined) return undefined
    return machine.read(process, [name], { node: module.code.program, unit: machine.root(module), machine })
  }
  const known = KNOWN[module]
  if (known === undefined) return undefined
  if (!whole) return known[name]
  return just(native(`node:${module}`, { read: (one) => known[one ?? ''] ?? ANYTHING }))
}

// What is wrapped is called as before, but for how it answers.
const same = (id: string): Values => just(native(id, { call: ({ list }) => list[0] ?? ANYTHING }))

const KNOWN: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  util: { promisify: same('util.promisify'), callbackify: same('util.callbackify'), deprecate: same('util.deprecate') },
  module: {
    createRequire: just(
      native('module.createRequire', {
        call: (_, { unit }) =>
          just(
            native(`require:${unit.module.file}`, {
              call: (handed, site) => {
                const names = textsOf(argument(handed, 0)).filter((one) => one !== undefined)
                return site.machine.modules.require(names, unit.module, site, false)
              },
            }),
          ),
      }),
    ),
  },
}
