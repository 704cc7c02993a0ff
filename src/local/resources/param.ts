// A parameter of the app, made in Parameter Store.
import type { ParamModel } from '../../model/index.ts'
import type { Hub } from '../hub.ts'

export async function makeParameter(made: ParamModel, { parameters }: Pick<Hub, 'parameters'>): Promise<void> {
  const { physicalName, type, description } = made
  const value = made.local ?? made.value
  // Another's parameter is there with the value that this machine was given, or is not there.
  if (value === undefined) return
  await parameters.ensureParameter(physicalName, { type, value, ...(description === '' ? {} : { description }) })
}
