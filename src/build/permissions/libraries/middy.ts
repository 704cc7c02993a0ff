// The middleware of middy that fetches values: `ssm({ fetchData: { key: '/path' } })`. Source: middy.js.org/docs/middlewares.
import { idOf } from '../ast.ts'
import { ANYTHING, just, NOTHING, native, type Values } from '../atoms.ts'
import { entriesOf, listInOrder } from '../elements.ts'
import { argument, type Given, type Site } from '../machine.ts'
import { join } from '../values.ts'
import { askBy, structure } from './ask.ts'

/** What `@middy/ssm` and `@middy/secrets-manager` export. */
export const middy =
  (service: 'ssm' | 'secrets-manager') =>
  (name: string): Values =>
    just(native(`middy.${service}.${name}`, { call: (handed, site) => fetches(service, handed, site) }))

function fetches(service: 'ssm' | 'secrets-manager', handed: Given, site: Site): Values {
  const { machine } = site
  const wanted = entriesOf(machine.read(argument(handed, 0), ['fetchData'], site), site).map(([, held]) => held)
  // Its calls are made while the handler runs, by whoever uses it.
  const before = native(`middy.${service}.before`, {
    call: (_, at) => {
      const all = join(NOTHING, ...wanted)
      const isPath = (text: Values): boolean =>
        [...text.values()].some((atom) => atom.kind === 'known' && String(atom.value).endsWith('/'))
      if (service === 'secrets-manager')
        for (const atom of all.values()) askBy(service, 'GetSecretValue', { SecretId: just(atom) }, NOTHING, at)
      else {
        const paths = [...all.values()].filter((atom) => isPath(just(atom)))
        const names = [...all.values()].filter((atom) => !isPath(just(atom)))
        for (const path of paths) askBy(service, 'GetParametersByPath', { Path: just(path) }, NOTHING, at)
        if (names.length > 0) {
          const Names = listInOrder(
            names.map((atom) => just(atom)),
            NOTHING,
            'names',
            at,
          )
          askBy(service, 'GetParameters', { Names }, NOTHING, at)
        }
      }
      return ANYTHING
    },
  })
  return just(structure({ before: just(before) }, `middy:${idOf(site.node)}/${site.unit.id}`, site))
}
