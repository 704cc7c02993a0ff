// Environment variables whose values are kept elsewhere: parameters and secrets, by their handles.
import { type Complaint, complaint } from '../errors.ts'
import type { Options } from './describe.ts'
import type { EnvironmentReference, FunctionModel } from './model.ts'
import { isObject } from './options.ts'
import type { ParamModel, ResourceModel, SecretModel } from './resources.ts'

/** The handles among variables. */
export function referencesIn(env: Options): Record<string, EnvironmentReference> {
  const found: Record<string, EnvironmentReference> = {}
  for (const [variable, value] of Object.entries(env)) {
    if (!isObject(value) || value.$ !== 'reference' || typeof value.name !== 'string') continue
    const { kind, name } = value
    if (kind === 'param' || kind === 'secret') found[variable] = { kind, name }
  }
  return found
}

/** What a variable refers to. */
export const referenced = (
  { kind, name }: EnvironmentReference,
  resources: readonly ResourceModel[],
): ParamModel | SecretModel | undefined =>
  resources
    .filter((one) => one.kind === 'param' || one.kind === 'secret')
    .find((one) => one.kind === kind && one.name === name)

/** Complains of references to what the app does not export, and of what CloudFormation gives to no function. */
export function settleReferences(
  functions: readonly FunctionModel[],
  resources: readonly ResourceModel[],
): Complaint[] {
  return functions.flatMap(({ name: of, references, where }) =>
    Object.entries(references).flatMap(([variable, reference]) => {
      const found = referenced(reference, resources)
      const what = `the function ${of}`
      if (found === undefined)
        return [complaint('GOBLET_NO_RESOURCE', { what: `\`env\` of ${what}`, name: reference.name }, where)]
      const bad = (problem: string, mend: string): Complaint[] => [
        complaint('GOBLET_BAD_OPTION', { option: 'env', what, problem, mend }, where),
      ]
      if (found.kind === 'secret')
        return found.existing || found.generate !== undefined
          ? []
          : bad(
              `holds the secret ${found.name} as ${variable}, which has no value when it is first deployed`,
              'Say `generate` or `existing: true`; or read it where it is needed: `await handle.value()`.',
            )
      // Source: "Get a secure string value from Systems Manager Parameter Store": not for environment variables.
      if (found.type !== 'SecureString') return []
      return bad(
        `holds the parameter ${found.name} as ${variable}, a SecureString, which CloudFormation gives to no function`,
        'Read it where it is needed: `await handle.value()`.',
      )
    }),
  )
}
