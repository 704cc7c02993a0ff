// env-var: `env.get('TABLE').required().asString()`.
import { ANYTHING, type Atom, just, native, type Values } from '../atoms.ts'
import { processOf } from '../globals.ts'
import { argument, type Given, type Site } from '../machine.ts'
import { withDefault } from '../patterns.ts'
import { textsOf } from '../values.ts'

/** What `env-var` exports. */
export function environmentVariables(name: string): Values {
  if (name === 'get') return just(native('env-var.get', { call: get }))
  if (name === '*' || name === 'default')
    return just(native('env-var', { read: (one) => environmentVariables(one ?? '') }))
  return ANYTHING
}

function get(handed: Given, site: Site): Values {
  const { machine } = site
  const environment = machine.read(just(processOf(machine)), ['env'], site)
  return just(variable(machine.read(environment, textsOf(argument(handed, 0)), site)))
}

function variable(value: Values): Atom {
  const id = `env-var:${[...value.keys()].join()}`
  const self: Atom = native(id, {
    read: (name) =>
      just(
        native(`${id}.${name}`, {
          call: (handed) => {
            if (name?.startsWith('as') === true) return value
            return just(name === 'default' ? variable(withDefault(value, () => argument(handed, 0))) : self)
          },
        }),
      ),
  })
  return self
}
