// The clients behind `secret().value()` and `param().value()`: the JSON protocols of Secrets Manager and Systems Manager.
import { callJson } from './call.ts'
import { endpoint } from './place.ts'

type Output = Readonly<Record<string, unknown>>

/** A secret's current value. */
export async function readSecret(id: string): Promise<string> {
  const target = 'secretsmanager.GetSecretValue'
  const output = await callJson('secretsmanager', endpoint('secretsmanager'), target, { SecretId: id }, '1.1')
  if (typeof output.SecretString === 'string') return output.SecretString
  // One that was stored as bytes.
  return Buffer.from(String(output.SecretBinary ?? ''), 'base64').toString('utf8')
}

/** A parameter's current value. */
export async function readParameter(name: string): Promise<string> {
  const asked = { Name: name, WithDecryption: true }
  const { Parameter } = await callJson('ssm', endpoint('ssm'), 'AmazonSSM.GetParameter', asked, '1.1')
  const { Value } = (Parameter ?? {}) as Output
  return String(Value ?? '')
}
