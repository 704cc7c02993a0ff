// `then`, `catch` and `finally`: a promise is held as the value that it resolves to.
import { ANYTHING, type Atom, just, NOTHING, native, type Values } from './atoms.ts'
import { argument, type Given, given, type Site } from './machine.ts'
import { join } from './values.ts'

export function promiseMember(target: Atom, name: string): Values {
  const value = just(target)
  const call = (handed: Given, site: Site): Values => {
    const { machine } = site
    const first = argument(handed, 0)
    if (name === 'finally') {
      machine.call(first, NOTHING, given(), site)
      return value
    }
    const failed = machine.call(name === 'catch' ? first : argument(handed, 1), NOTHING, given(ANYTHING), site)
    if (name === 'catch') return join(value, failed)
    return join(machine.call(first, NOTHING, given(value), site), failed)
  }
  return just(native(`${target.id}.${name}`, { call }))
}
