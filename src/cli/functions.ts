// The function that a word on a command line names.
import { nearest, problem } from '../errors.ts'
import type { FunctionModel } from '../model/index.ts'

/** By its export, or by what it is called on AWS. Throws GOBLET_NO_FUNCTION. */
export function findFunction(name: string, functions: readonly FunctionModel[]): FunctionModel {
  const found = functions.find((one) => one.name === name || one.physicalName === name)
  if (found !== undefined) return found
  const known = functions.map((one) => one.name)
  throw problem('GOBLET_NO_FUNCTION', { name, suggestion: nearest(name, known), known: known.join(', ') })
}
