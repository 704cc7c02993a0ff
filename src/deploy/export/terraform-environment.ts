// Variables that CloudFormation looks up in Parameter Store and Secrets Manager, looked up by Terraform instead.
import type { Properties, Value } from '../template.ts'
import { type Block, expression } from './terraform-values.ts'

interface Environment {
  readonly variables: Properties
  /** What looks the values up. */
  readonly blocks: readonly Block[]
}

/** The variables of the function that Terraform calls `name`. */
export function toEnvironment(name: string, variables: Properties): Environment {
  const blocks: Block[] = []
  const look = (variable: string, type: string, body: Properties, attribute: string): string => {
    const own = `${name}_${variable}`
    blocks.push({ type, name: own, body, data: true })
    return expression(`data.${type}.${own}.${attribute}`)
  }
  const toValue = ([variable, value]: [string, Value]): [string, Value] => {
    const text = typeof value === 'string' ? value : ''
    const param = /^\{\{resolve:ssm:(.+)\}\}$/.exec(text)?.[1]
    if (param !== undefined) return [variable, look(variable, 'aws_ssm_parameter', { name: param }, 'value')]
    const secret = /^\{\{resolve:secretsmanager:(.+):SecretString\}\}$/.exec(text)?.[1]
    if (secret === undefined) return [variable, value]
    // The module's own: its first version, which is there once it is made.
    const made = /^\$\{aws_secretsmanager_secret\.(\w+)\.arn\}$/.exec(secret)?.[1]
    if (made !== undefined) return [variable, expression(`aws_secretsmanager_secret_version.${made}.secret_string`)]
    return [variable, look(variable, 'aws_secretsmanager_secret_version', { secret_id: secret }, 'secret_string')]
  }
  return { variables: Object.fromEntries(Object.entries(variables).map(toValue)), blocks }
}
