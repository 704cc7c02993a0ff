// What `goblet deploy` says when it is done, and where the app is called.
import { type DeployResult, type Urls, urlsOf } from '../../deploy/index.ts'
import type { Model } from '../../model/index.ts'
import { paint, toTable } from '../terminal.ts'

export interface Done {
  readonly result: DeployResult
  readonly model: Model
  readonly stack: string
  readonly endpoint: string | undefined
}

export const urlsFrom = (outputs: ReadonlyMap<string, string>, model: Model, endpoint: string | undefined): Urls =>
  urlsOf(Object.fromEntries(outputs), { model, endpoint })

/** For people. */
export function toDoneText({ result, model, stack, endpoint }: Done): string {
  const { did, functions, seconds, outputs, calls } = result
  const took = `${seconds.toFixed(1)} s`
  const moved = functions.filter((one) => one.changed).length
  const what = moved === 0 ? '' : `, with new versions of ${moved} function${moved === 1 ? '' : 's'}`
  const head =
    did === 'nothing'
      ? `${paint('green', '✓')} ${stack} is as the code says: nothing was changed (${took}).`
      : `${paint('green', '✓')} ${stack} is deployed in ${took}${what} ${paint('dim', `(${calls} calls of AWS)`)}`
  const urls = toUrlLines(urlsFrom(outputs, model, endpoint))
  return [head, ...(urls.length === 0 ? [] : ['', ...urls.map((line) => `  ${line}`)])].join('\n')
}

/** For programs. */
export function toDoneJson({ result, model, stack, endpoint }: Done): object {
  const { did, functions, seconds, outputs, calls, mutations } = result
  const urls = toUrlFacts(urlsFrom(outputs, model, endpoint))
  return { stack, did, urls, functions, outputs: Object.fromEntries(outputs), seconds, calls, mutations }
}

export function toUrlLines({ api, functions, websockets, dns }: Urls): string[] {
  const rows = [
    ...(api === undefined ? [] : [['app', api]]),
    ...[...functions].filter(([, url]) => url !== api).map(([name, url]) => [name, url]),
    ...[...websockets].map(([name, url]) => [name, url]),
    ...[...dns].map(([name, target]) => [name, `has to point at ${target} (CNAME)`]),
  ]
  return rows.length === 0 ? [] : toTable(rows).split('\n')
}

export const toUrlFacts = ({ api, functions, websockets, dns }: Urls): object => ({
  ...(api === undefined ? {} : { api }),
  functions: Object.fromEntries(functions),
  websockets: Object.fromEntries(websockets),
  ...(dns.size === 0 ? {} : { dns: Object.fromEntries(dns) }),
})
