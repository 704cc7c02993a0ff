// Environment variables that are handles of parameters and secrets: as CloudFormation resolves them, when the app is applied.
import { problem } from '../errors.ts'
import { type FunctionModel, type Model, referenced } from '../model/index.ts'
import type { Parameters, Secrets } from './hub.ts'
import { makeParameter } from './resources/param.ts'
import { makeSecret } from './resources/secret.ts'

interface Kept {
  readonly parameters: Parameters
  readonly secrets: Secrets
}

/** Whether any function has such a variable. */
export const refers = ({ functions }: Model): boolean =>
  functions.some(({ references }) => Object.keys(references).length > 0)

/** Makes what they refer to, where it is the app's own; gives the model with the values as they are now. Throws GOBLET_BAD_OPTION where there is none. */
export async function withValues(model: Model, kept: Kept): Promise<Model> {
  const all = model.functions.flatMap(({ references }) => Object.values(references))
  for (const reference of all) {
    const found = referenced(reference, model.resources)
    // Before anything else of the app: the code that loads has its environment already.
    if (found?.kind === 'param') await makeParameter(found, kept)
    if (found?.kind === 'secret') await makeSecret(found, kept)
  }
  const functions = model.functions.map((made): FunctionModel => {
    const values = Object.keys(made.references).map((variable) => [variable, toValue(made, variable, model, kept)])
    return values.length === 0 ? made : { ...made, env: { ...made.env, ...Object.fromEntries(values) } }
  })
  return { ...model, functions }
}

function toValue({ name, references, where }: FunctionModel, variable: string, model: Model, kept: Kept): string {
  const reference = references[variable]
  const found = reference === undefined ? undefined : referenced(reference, model.resources)
  const value =
    found === undefined
      ? undefined
      : found.kind === 'param'
        ? kept.parameters.value(found.physicalName)
        : kept.secrets.value(found.physicalName)
  if (value !== undefined) return value
  const told = `takes ${variable} from the ${reference?.kind} ${reference?.name}, which has no value here`
  const mend = "Give it one for the local cloud: `{ local: '…' }` where it is declared."
  throw problem('GOBLET_BAD_OPTION', { option: 'env', what: `the function ${name}`, problem: told, mend }, where)
}
