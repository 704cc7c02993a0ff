// What keeps a function warm: a rule that wakes it every few minutes.
import type { FunctionModel } from '../../model/index.ts'
import { logicalId } from '../ids.ts'
import { attribute, type Part } from '../template.ts'
import { aliasArn } from './making.ts'
import { permission } from './permission.ts'

// The runtime answers it; see runtime/warm.ts.
const INPUT = JSON.stringify({ 'goblet.warm': true })

export function toWarm({ name, warm }: FunctionModel): Part {
  if (warm === undefined) return {}
  const id = logicalId('Warm', name)
  const properties = {
    Description: `Keeps ${name} warm`,
    ScheduleExpression: `rate(${warm} ${warm === 1 ? 'minute' : 'minutes'})`,
    State: 'ENABLED',
    Targets: [{ Id: 'function', Arn: aliasArn(name), Input: INPUT }],
  }
  return {
    [id]: { Type: 'AWS::Events::Rule', Properties: properties },
    [logicalId('AllowsWarm', name)]: permission(name, {
      principal: 'events.amazonaws.com',
      source: attribute(id, 'Arn'),
    }),
  }
}
