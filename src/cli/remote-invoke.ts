// `goblet invoke FUNCTION --remote`: runs the deployed function, by the alias that says what is live.
import { type Invocation, invokeFunction, worded } from '../deploy/index.ts'
import { openAws } from './aws.ts'
import type { Input } from './command.ts'
import { findFunction } from './functions.ts'
import { openProject } from './project.ts'

export async function invokeRemote(input: Input, name: string, payload: string): Promise<Invocation> {
  const project = await openProject(input)
  const model = await project.describe().finally(() => project.close())
  const { physicalName } = findFunction(name, model.functions)
  // Tried again, it would run again.
  const clients = await openAws(input, { once: true })
  return worded(() => invokeFunction(clients.lambda, physicalName, payload)).finally(() => clients.close())
}
