// A secret of the app, made in Secrets Manager.
import type { GeneratedSecretModel, SecretModel } from '../../model/index.ts'
import type { Hub, Secrets } from '../hub.ts'

export async function makeSecret(made: SecretModel, { secrets }: Pick<Hub, 'secrets'>): Promise<void> {
  const { physicalName, existing, local, generate, description } = made
  // Another's secret is there with the value that this machine was given, or is not there.
  if (secrets.find(physicalName) || (existing && local === undefined)) return
  const value = local ?? (generate === undefined ? undefined : toValue(generate, secrets))
  await secrets.ensureSecret(physicalName, {
    ...(value === undefined ? {} : { value }),
    ...(description === '' ? {} : { description }),
  })
}

// As CloudFormation's GenerateSecretString makes it.
function toValue({ length, exclude, key, template }: GeneratedSecretModel, secrets: Secrets): string {
  const password = secrets.password({ length, exclude })
  return key === undefined ? password : JSON.stringify({ ...template, [key]: password })
}
