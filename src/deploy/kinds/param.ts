// Parameters of Systems Manager's Parameter Store.
import type { ParamModel } from '../../model/index.ts'
import { resourceId } from '../ids.ts'
import type { Part } from '../template.ts'

export function paramResource({ name, physicalName, existing, type, value, description }: ParamModel): Part {
  if (existing || value === undefined) return {}
  const properties = {
    Name: physicalName,
    Type: type,
    Value: value,
    ...(description === '' ? {} : { Description: description }),
  }
  return { [resourceId('param', name)]: { Type: 'AWS::SSM::Parameter', Properties: properties } }
}
