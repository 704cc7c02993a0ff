// Event buses, and the rules that give their events to functions.
import type { BusModel, BusTriggerModel } from '../../model/index.ts'
import { logicalId, resourceId } from '../ids.ts'
import { aliasArn, findFunction, findResource, type Making } from '../template/making.ts'
import { toPermission } from '../template/permission.ts'
import { attribute, type Part, ref } from '../template.ts'

export function busResource({ name, physicalName, existing }: BusModel): Part {
  if (existing) return {}
  return { [resourceId('bus', name)]: { Type: 'AWS::Events::EventBus', Properties: { Name: physicalName } } }
}

export function bus(trigger: BusTriggerModel, making: Making): Part {
  const { function: name, pattern } = trigger
  const { existing, physicalName } = findResource('bus', trigger.bus, making)
  // A bus of another account is known by its ARN only. Source: EventBusName of AWS::Events::Rule.
  const there = trigger.bus.startsWith('arn:') ? trigger.bus : physicalName
  const id = logicalId('Rule', name)
  const properties = {
    Name: findFunction(name, making).physicalName,
    EventBusName: existing ? there : ref(resourceId('bus', trigger.bus)),
    EventPattern: pattern,
    State: 'ENABLED',
    Targets: [{ Id: 'function', Arn: aliasArn(name) }],
  }
  return {
    [id]: { Type: 'AWS::Events::Rule', Properties: properties },
    ...toPermission(name, { principal: 'events.amazonaws.com', source: attribute(id, 'Arn') }),
  }
}
