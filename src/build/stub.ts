// A stand-in for the AWS SDK while the app is read: importing one real client takes Node 150 ms, and all that a top level does is make one.
import type { Source } from './syntax.ts'

/** Set by the stand-in when code did more than make clients: then the app must be read with the real ones. */
export const TOUCHED = 'goblet.touched'

/** The stand-in as a CommonJS module that has every export. Clients can be made; anything else says that it was touched. */
export const STUB = `
const touch = () => {
  globalThis[Symbol.for('${TOUCHED}')] = true
  throw new Error('The AWS SDK is not there while the app is read.')
}
const every = ['get', 'set', 'has', 'deleteProperty', 'ownKeys', 'getOwnPropertyDescriptor', 'defineProperty']
const touched = Object.fromEntries(every.map((trap) => [trap, touch]))
const client = () => new Proxy({}, touched)
const from = new Proxy(function () {}, { ...touched, apply: client, construct: touch })
const named = new Proxy(function () {}, {
  ...touched,
  apply: touch,
  construct: client,
  get: (_, name) => (name === 'from' ? from : touch()),
})
// esbuild makes what is imported from the prototype of what is exported.
module.exports = Object.create(new Proxy({}, { get: (_, name) => (name === '__esModule' ? undefined : named) }))
`

const CLIENT = /^@aws-sdk\/(client|lib)-[^/]+$/

/** Whether a package that a file imports can be stood in for. Not where all of its names are passed on: they are not known. */
export function isStubbed(specifier: string, importer: Source | undefined): boolean {
  if (!CLIENT.test(specifier) || importer === undefined) return false
  const exports = importer.module.staticExports.flatMap(({ entries }) => entries)
  return !exports.some(({ moduleRequest }) => moduleRequest?.value === specifier)
}
